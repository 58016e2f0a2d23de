create or replace function trustcart.phone_encryption_status()
returns table (
    state text,
    changed_at timestamptz,
    pgcrypto_schema name,
    customers_left bigint,
    numbers bigint,
    numbers_to_rotate bigint,
    master_keys bigint
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        e.state,
        e.changed_at,
        (
            select n.nspname
            from pg_extension as x
            inner join pg_namespace as n on x.extnamespace = n.oid
            where x.extname = 'pgcrypto'
        ),
        case
            when e.state in ('turning_on', 'turning_off')
                then (select count(*) from trustcart.customers as c where c.id > e.done_to)
            else 0
        end,
        (select count(*) from trustcart_private.phone_vault as v),
        (select count(*) from trustcart_private.phone_vault as v where v.key_id <> e.data_key_id),
        (select count(distinct w.master) from trustcart_private.phone_key_wraps as w)
    from trustcart_private.phone_encryption as e;
end;
$$;
comment on function trustcart.phone_encryption_status() is
'Whether phone numbers are encrypted, one row: state (off, turning_on, on, turning_off), since when, the schema of
pgcrypto (null: it is not installed), customers that are still to be done, numbers in the vault and those of them that a
rotation has not reached, and how many master keys open them.';

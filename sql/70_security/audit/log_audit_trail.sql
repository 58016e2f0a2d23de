-- requires: audit_changes, audit_actor, audit_mask, audit_treatment

create or replace function trustcart.log_audit_trail()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table text := tg_table_name;
    v_old jsonb;
    v_new jsonb;
    v_old_values jsonb;
    v_new_values jsonb;
    v_row jsonb;
    v_record_id bigint;
    v_record_key text;
    v_customer_id bigint;
begin
    if tg_op in ('UPDATE', 'DELETE') then
        v_old := to_jsonb(old);
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        v_new := to_jsonb(new);
    end if;
    if tg_op <> 'TRUNCATE' then
        select
            c.old_values,
            c.new_values
        into v_old_values, v_new_values
        from trustcart_private.audit_changes(v_table, v_old, v_new) as c;
        if tg_op = 'UPDATE' and v_new_values is null then
            return null;
        end if;
        v_row := coalesce(v_new, v_old);
        v_customer_id := (
            v_row ->> case v_table
                when 'customers' then 'id'
                when 'customer_merges' then 'survivor_id'
                else 'customer_id'
            end
        )::bigint;
        if jsonb_typeof(v_row -> 'id') = 'number' then
            v_record_id := (v_row ->> 'id')::bigint;
        else
            select
                case when count(*) = 1 and min(jsonb_typeof(k.value)) = 'number' then min(k.value #>> '{}')::bigint end,
                case
                    when count(*) > 1 or min(jsonb_typeof(k.value)) <> 'number'
                        then
                            string_agg(
                                trustcart_private.audit_mask(
                                    trustcart_private.audit_treatment(v_table, k.name), k.value
                                ) #>> '{}', ',' order by k.place
                            )
                end
            into v_record_id, v_record_key
            from (
                select
                    a.attname::text as name,
                    v_row -> a.attname::text as value,
                    i.place
                from pg_index as x
                cross join unnest(x.indkey::smallint[]) with ordinality as i (attnum, place)
                inner join pg_attribute as a on x.indrelid = a.attrelid and i.attnum = a.attnum
                where x.indrelid = tg_relid and x.indisprimary
            ) as k;
        end if;
    end if;
    insert into trustcart.audit_logs (
        user_id, action, table_name, record_id, record_key, customer_id, old_values, new_values, acting_role, behalf
    )
    select
        a.user_id,
        lower(tg_op),
        v_table,
        v_record_id,
        v_record_key,
        v_customer_id,
        v_old_values,
        v_new_values,
        a.acting_role,
        a.behalf
    from trustcart_private.audit_actor() as a;
    return null;
end;
$$;
comment on function trustcart.log_audit_trail() is
'Trigger, after a row is inserted, updated or deleted, or a table truncated: writes it to audit_logs (guide: "Audit
Logging", whose own CREATE TRIGGER works). Any table will do: key, customer and columns are found by name, what is shown
of each column is said by audit_treatment(). An update that changes nothing that is audited is not written. Where rows
come in bulk log_audit_rows() does the same by statement.';

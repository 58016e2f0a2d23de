-- requires: check_access

create or replace function trustcart.consent_history(p_customer_id bigint)
returns table (
    consent_id bigint,
    channel text,
    granted boolean,
    recorded_at timestamptz,
    recorded_by bigint,
    recorded_by_name text,
    source text,
    holds boolean
)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_customer_id bigint := trustcart.check_access(p_customer_id);
begin
    return query
    select
        n.id,
        n.channel,
        n.granted,
        n.recorded_at,
        n.recorded_by,
        u.name,
        n.source,
        n.recorded_at <= now()
        and row_number() over (
            partition by n.channel, n.recorded_at <= now()
            order by n.recorded_at desc, n.id desc
        ) = 1
    from trustcart.customer_consents as n
    left join trustcart.users as u on n.recorded_by = u.id
    where n.customer_id = v_customer_id
    order by n.recorded_at desc, n.id desc;
end;
$$;
comment on function trustcart.consent_history(bigint) is
'Everything a customer allowed and forbade, the latest first: channel, granted, since when (recorded_at), who recorded
it and how we know (source); holds marks what decides now, one row a channel that was ever spoken of. What holds
without a row says consent_of(). TC003 without a customer, TC004 when there is none, TC403 not yours.';

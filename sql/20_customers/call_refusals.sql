create or replace function trustcart_private.call_refusals(
    p_before timestamptz,
    p_customer_id bigint default null
)
returns table (
    customer_id bigint,
    refused_at timestamptz
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_customer_id is null then
        return query
        select
            l.customer_id,
            l.recorded_at
        from (
            select distinct on (n.customer_id)
                n.customer_id,
                n.recorded_at,
                n.granted
            from trustcart.customer_consents as n
            where n.channel = 'call' and n.recorded_at < p_before
            order by n.customer_id asc, n.recorded_at desc, n.id desc
        ) as l
        where not l.granted;
    else
        return query
        select
            l.customer_id,
            l.recorded_at
        from (
            select
                n.customer_id,
                n.recorded_at,
                n.granted
            from trustcart.customer_consents as n
            where n.customer_id = p_customer_id and n.channel = 'call' and n.recorded_at < p_before
            order by n.recorded_at desc, n.id desc
            limit 1
        ) as l
        where not l.granted;
    end if;
end;
$$;
comment on function trustcart_private.call_refusals(timestamptz, bigint) is
'Customers who may not be called: whose latest consent to calls recorded before the instant is a refusal, and since
when. With p_customer_id of that customer only.';

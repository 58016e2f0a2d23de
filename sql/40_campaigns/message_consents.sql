create or replace function trustcart_private.message_consents(
    p_channel text, p_at timestamptz, p_customer_ids bigint[] default null
)
returns table (customer_id bigint, granted boolean, recorded_at timestamptz)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
begin
    if p_customer_ids is null then
        return query
        select distinct on (n.customer_id)
            n.customer_id,
            n.granted,
            n.recorded_at
        from trustcart.customer_consents as n
        where n.channel = p_channel and n.recorded_at <= p_at
        order by n.customer_id asc, n.recorded_at desc, n.id desc;
    else
        return query
        select
            u.id,
            l.granted,
            l.recorded_at
        from unnest(p_customer_ids) as u (id)
        cross join lateral (
            select
                n.granted,
                n.recorded_at
            from trustcart.customer_consents as n
            where n.customer_id = u.id and n.channel = p_channel and n.recorded_at <= p_at
            order by n.recorded_at desc, n.id desc
            limit 1
        ) as l;
    end if;
end;
$$;
comment on function trustcart_private.message_consents(text, timestamptz, bigint[]) is
'What customers last said about a channel up to an instant: granted or refused, and when; no row for whoever never said.
p_customer_ids null: of the whole shop.';

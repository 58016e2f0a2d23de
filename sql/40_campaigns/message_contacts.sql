create or replace function trustcart_private.message_contacts(
    p_at timestamptz,
    p_customer_ids bigint[] default null,
    p_reserving text[] default '{queued,sending}',
    p_except bigint[] default '{}'
)
returns table (customer_id bigint, contacts bigint)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_date date := (p_at at time zone v_time_zone)::date;
    v_from timestamptz := (v_date - 6)::timestamp at time zone v_time_zone;
    v_until timestamptz := (v_date + 1)::timestamp at time zone v_time_zone;
begin
    return query
    select
        k.customer_id,
        sum(k.contacts)::bigint
    from (
        select
            d.customer_id,
            count(*) as contacts
        from trustcart_private.contact_days as d
        where
            p_customer_ids is null
            and d.contacts > 0
            and d.contacted_on > v_date - 7
            and d.contacted_on <= v_date
        group by d.customer_id
        union all
        -- Of customers who are known, each is looked up, never by the day: a shop writes to a million a week.
        select
            i.customer_id,
            x.contacts
        from unnest(p_customer_ids) as i (customer_id)
        cross join lateral (
            select count(*) as contacts
            from trustcart_private.contact_days as d
            where
                d.customer_id = i.customer_id
                and d.contacts > 0
                and d.contacted_on + 0 between v_date - 6 and v_date
        ) as x
        union all
        -- The day and channel of a sent message is counted above already; a second on it is a contact more.
        select
            m.customer_id,
            count(*) - count(distinct ((m.sent_at at time zone v_time_zone)::date, m.channel))
        from trustcart.campaign_messages as m
        where
            m.sent_at >= v_from
            and m.sent_at < v_until
            and (p_customer_ids is null or m.customer_id = any(p_customer_ids))
        group by m.customer_id
        union all
        -- Not sent yet, but promised: what may go out within a week of p_at.
        select
            m.customer_id,
            count(*)
        from trustcart.campaign_messages as m
        where
            m.status = any(p_reserving)
            and m.sent_at is null
            and m.not_before < p_at + interval '7 days'
            and (p_at <= now() or greatest(m.not_before, now()) > p_at - interval '7 days')
            and m.id <> all(p_except)
            and (p_customer_ids is null or m.customer_id = any(p_customer_ids))
        group by m.customer_id
    ) as k
    group by k.customer_id
    having sum(k.contacts) > 0;
end;
$$;
comment on function trustcart_private.message_contacts(timestamptz, bigint[], text[], bigint[]) is
'How often customers were contacted in the seven days up to that of p_at, all channels together, each campaign message
for itself; messages in one of the statuses p_reserving count as made, but for p_except, where they may go out within a
week of p_at. p_customer_ids null: of the whole shop.';

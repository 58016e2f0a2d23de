create or replace function trustcart_private.attributions_of(p_order_ids bigint[])
returns table (order_id bigint, campaign_id bigint, message_id bigint, kind text, amount numeric)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_nestloop = on
set enable_seqscan = on
set jit = off
as $$
#variable_conflict use_column
begin
    return query
    select
        o.id,
        coalesce(c.campaign_id, w.campaign_id),
        case when c.campaign_id is null then w.message_id else c.message_id end,
        case when c.campaign_id is null then 'window' else 'coupon' end,
        o.total_amount
    from (select distinct i.id from unnest(p_order_ids) as i (id)) as i
    inner join trustcart.sales_orders as o on i.id = o.id
    inner join trustcart.order_statuses as os on o.status = os.status and os.counts
    cross join trustcart.settings as s
    -- A message is before the order from whose day on it could be; on the day itself the hour decides, where it is known.
    cross join lateral (
        select
            (o.order_date + 1)::timestamp at time zone s.time_zone as ended_at,
            greatest(o.ordered_at, o.order_date::timestamp at time zone s.time_zone) as ordered_at
    ) as d
    -- Whoever uses the code follows its campaign: the one of it that wrote to the customer last, else the latest.
    left join lateral (
        select
            k.id as campaign_id,
            m.id as message_id
        from trustcart.marketing_campaigns as k
        left join lateral (
            select
                x.id,
                x.sent_at
            from trustcart.campaign_messages as x
            where
                x.customer_id = o.customer_id
                and x.campaign_id = k.id
                and x.bounced_at is null
                and x.sent_at < d.ended_at
                and (o.ordered_at is null or x.sent_at <= d.ordered_at)
            order by x.sent_at desc, x.id desc
            limit 1
        ) as m on true
        where
            lower(k.discount_code) = lower(btrim(o.coupon_code))
            and (
                m.id is not null
                or o.order_date >= coalesce(k.start_date, (k.created_at at time zone s.time_zone)::date)
            )
        order by m.sent_at desc nulls last, m.id desc nulls last, k.id desc
        limit 1
    ) as c on true
    left join lateral (
        select
            x.id as message_id,
            x.campaign_id
        from trustcart.campaign_messages as x
        inner join trustcart.marketing_campaigns as k on x.campaign_id = k.id
        where
            c.campaign_id is null
            and x.customer_id = o.customer_id
            and x.bounced_at is null
            -- No campaign attributes beyond a year: the index need not be read back for ever.
            and x.sent_at >= (o.order_date - 366)::timestamp at time zone s.time_zone
            and x.sent_at >= (
                o.order_date - coalesce(k.attribution_days, s.attribution_days)
            )::timestamp at time zone s.time_zone
            and x.sent_at < d.ended_at
            and (o.ordered_at is null or x.sent_at <= d.ordered_at)
        order by x.sent_at desc, x.id desc
        limit 1
    ) as w on true
    where c.campaign_id is not null or w.message_id is not null;
end;
$$;
comment on function trustcart_private.attributions_of(bigint[]) is
'From which campaign orders followed, recomputed: rows as order_attributions has them, none for an order that does not
count or followed from none. First the coupon code: the campaign of that code that last wrote to the customer before the
order, else the latest campaign of that code that had begun. Without one the customer''s latest message before the order
in whose window the order lies: the day of the message and attribution_days after it. A message that bounced counts for
nothing. Of an order whose hour is unknown, a message of its day was before it.';

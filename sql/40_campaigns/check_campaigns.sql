-- requires: attributions_of

create or replace function trustcart.check_campaigns()
returns table (
    campaign_id bigint,
    figure text,
    maintained text,
    recomputed text
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
begin
    return query
    select
        k.id,
        v.figure,
        v.maintained::text,
        v.recomputed::text
    from trustcart.marketing_campaigns as k
    left join (
        select
            m.campaign_id,
            count(m.sent_at) as sent,
            count(m.responded_at) as responded
        from trustcart.campaign_messages as m
        group by m.campaign_id
    ) as n on k.id = n.campaign_id
    cross join lateral (
        values
        ('sent_count', k.sent_count, coalesce(n.sent, 0)),
        ('response_count', k.response_count, coalesce(n.responded, 0))
    ) as v (figure, maintained, recomputed)
    where v.maintained <> v.recomputed
    order by k.id, v.figure;

    return query
    with rightly as materialized (
        select
            r.order_id,
            r.campaign_id,
            r.message_id,
            r.kind,
            r.amount
        from trustcart_private.attributions_of(
            array(
                select o.id
                from trustcart.sales_orders as o
                where
                    o.coupon_code is not null
                    or o.customer_id in (
                        select m.customer_id from trustcart.campaign_messages as m where m.sent_at is not null
                    )
            )
        ) as r
    )

    select
        coalesce(a.campaign_id, r.campaign_id),
        'attribution of order ' || coalesce(a.order_id, r.order_id),
        concat_ws(' ', a.kind, 'campaign ' || a.campaign_id, 'message ' || a.message_id, a.amount),
        concat_ws(' ', r.kind, 'campaign ' || r.campaign_id, 'message ' || r.message_id, r.amount)
    from rightly as r
    full join trustcart.order_attributions as a on r.order_id = a.order_id
    where
        (a.campaign_id, a.message_id, a.kind, a.amount) is distinct from (r.campaign_id, r.message_id, r.kind, r.amount)
    order by 1, coalesce(a.order_id, r.order_id);

    return query
    select
        m.campaign_id,
        'engagement of message ' || coalesce(m.id, e.message_id),
        concat_ws(' ', 'customer ' || e.customer_id, e.channel, e.created_at),
        concat_ws(' ', 'customer ' || m.customer_id, m.channel, m.sent_at)
    from (
        select
            x.id,
            x.campaign_id,
            x.customer_id,
            x.channel,
            x.sent_at
        from trustcart.campaign_messages as x
        where x.sent_at is not null
    ) as m
    full join (
        select
            x.message_id,
            x.customer_id,
            x.channel,
            x.created_at
        from trustcart.customer_engagement_history as x
        where x.message_id is not null
    ) as e on m.id = e.message_id
    where (m.customer_id, m.channel, m.sent_at) is distinct from (e.customer_id, e.channel, e.created_at)
    order by 1, 2;
end;
$$;
comment on function trustcart.check_campaigns() is
'What is kept of campaigns and differs from its recomputation from messages and orders: sent_count and response_count,
attributions, engagements of sent messages. No rows is right. Attributions also differ after discount_code,
start_date, attribution_days or the time zone changed, or another campaign of the same code was made, until
reattribute_campaign(). Contacts are check_customer_state()''s.';

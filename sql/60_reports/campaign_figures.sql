create or replace function trustcart_private.campaign_figures(p_from date, p_to date)
returns table (
    campaign_id bigint,
    sent bigint,
    delivered bigint,
    opened bigint,
    responded bigint,
    bounced bigint,
    unsubscribed bigint,
    converted bigint,
    orders bigint,
    revenue numeric
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        coalesce(m.campaign_id, a.campaign_id),
        coalesce(m.sent, 0),
        coalesce(m.delivered, 0),
        coalesce(m.opened, 0),
        coalesce(m.responded, 0),
        coalesce(m.bounced, 0),
        coalesce(m.unsubscribed, 0),
        coalesce(a.converted, 0),
        coalesce(a.orders, 0),
        coalesce(a.revenue, 0)
    from (
        select
            x.campaign_id,
            count(*) as sent,
            count(x.delivered_at) as delivered,
            count(x.opened_at) as opened,
            count(x.responded_at) as responded,
            count(x.bounced_at) as bounced,
            count(x.unsubscribed_at) as unsubscribed
        from trustcart.campaign_messages as x
        cross join trustcart.settings as s
        where
            x.sent_at >= p_from::timestamp at time zone s.time_zone
            and x.sent_at < (p_to + 1)::timestamp at time zone s.time_zone
        group by x.campaign_id
    ) as m
    full join (
        select
            r.campaign_id,
            count(distinct o.customer_id) as converted,
            count(*) as orders,
            sum(r.amount) as revenue
        from trustcart.order_attributions as r
        inner join trustcart.sales_orders as o on r.order_id = o.id
        where o.order_date between p_from and p_to
        group by r.campaign_id
    ) as a on m.campaign_id = a.campaign_id;
end;
$$;
comment on function trustcart_private.campaign_figures(date, date) is
'Each campaign with messages sent or orders attributed in a period: what became of the messages sent in it, up to now,
and the orders of its days, in taka; converted are the customers who ordered.';

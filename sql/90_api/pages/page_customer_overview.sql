-- requires: check_access, business_date, get_product_recommendations, recommendations

create or replace function trustcart_api.page_customer_overview(p_customer_id bigint)
returns jsonb
language plpgsql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := trustcart.business_date();
    v_first_order_date date;
    v_from date;
begin
    perform trustcart.check_access(p_customer_id);
    select c.first_order_date into v_first_order_date from trustcart.customers as c where c.id = p_customer_id;
    -- From the first order on, but at least a year and at most two.
    v_from := greatest(
        least(
            date_trunc('month', v_first_order_date::timestamp),
            date_trunc('month', v_today::timestamp) - interval '11 months'
        ),
        date_trunc('month', v_today::timestamp) - interval '23 months'
    );
    return jsonb_build_object(
        'orders', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', o.id,
                            'order_number', o.order_number,
                            'order_date', o.order_date,
                            'status', o.status,
                            'counts', s.counts,
                            'amount', trim_scale(o.total_amount),
                            'payment_method', o.payment_method,
                            'items', (
                                select
                                    coalesce(
                                        jsonb_agg(
                                            jsonb_build_object(
                                                'product_id', i.product_id,
                                                'product_name', coalesce(i.product_name, p.name),
                                                'quantity', trim_scale(i.quantity),
                                                'amount',
                                                trim_scale(coalesce(i.line_total, i.quantity * i.unit_price))
                                            )
                                            order by i.id
                                        ),
                                        '[]'
                                    )
                                from (
                                    select n.*
                                    from trustcart.sales_order_items as n
                                    where n.order_id = o.id
                                    order by n.id
                                    limit 50
                                ) as i
                                left join trustcart.products as p on i.product_id = p.id
                            )
                        )
                        order by o.order_date desc, o.id desc
                    ),
                    '[]'
                )
            from (
                select n.*
                from trustcart.sales_orders as n
                where n.customer_id = p_customer_id
                order by n.order_date desc, n.id desc
                limit 10
            ) as o
            inner join trustcart.order_statuses as s on o.status = s.status
        ),
        'spend_by_month', (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'month', to_char(m.month, 'YYYY-MM'),
                        'orders', coalesce(b.orders, 0),
                        'spend', trim_scale(coalesce(b.spend, 0))
                    )
                    order by m.month
                )
            from generate_series(v_from::timestamp, v_today::timestamp, interval '1 month') as m (month)
            left join (
                select
                    date_trunc('month', o.order_date::timestamp) as month,
                    count(*) as orders,
                    sum(o.total_amount) as spend
                from trustcart.sales_orders as o
                inner join trustcart.order_statuses as s on o.status = s.status and s.counts
                where o.customer_id = p_customer_id and o.order_date between v_from and v_today
                group by 1
            ) as b on m.month = b.month
        ),
        'dropoff', (
            select
                jsonb_build_object(
                    'last_active_date', d.last_active_date,
                    'days_inactive', v_today - d.last_active_date,
                    'risk_level', d.risk_level,
                    'reason', d.reason,
                    'opened_on', d.opened_on,
                    'recovery_attempted', d.recovery_attempted
                )
            from trustcart.customer_dropoff_tracking as d
            where d.customer_id = p_customer_id and d.closed_on is null
            order by d.last_active_date desc
            limit 1
        ),
        'recommendations', trustcart_api.recommendations(p_customer_id, 5)
    );
end;
$$;
comment on function trustcart_api.page_customer_overview(bigint) is
'The tab Overview of a customer''s page, as an object: orders (the last 10, each with up to 50 items; counts: its
status does), spend_by_month (counted orders in taka, the months from the first on, 12 to 24, without gaps), dropoff
(the open episode, or null), recommendations (5). TC003 without a customer, TC004 when there is none, TC403 not an
agent''s customer (guide: "Customer Detail Page").';

-- requires: check_access, business_date, consent_of, user_name, behavior

create or replace function trustcart_api.page_customer_behavior(p_customer_id bigint)
returns jsonb
language plpgsql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_today date := trustcart.business_date();
begin
    perform trustcart.check_access(p_customer_id);
    return (
        -- The last 200 orders say enough: a till that sells to everybody as one customer has any number.
        with recent as materialized (
            select
                o.id,
                o.order_date,
                o.ordered_at,
                o.total_amount,
                o.payment_method
            from trustcart.sales_orders as o
            where
                o.customer_id = p_customer_id
                and o.order_date <= v_today
                and o.status in (select os.status from trustcart.order_statuses as os where os.counts)
            order by o.order_date desc, o.id desc
            limit 200
        ),

        bought as materialized (
            select
                coalesce(i.product_name, p.name) as product_name,
                g.name as category,
                i.quantity,
                coalesce(i.line_total, i.quantity * i.unit_price, 0) as amount,
                r.id as order_id,
                r.order_date
            from recent as r
            inner join trustcart.sales_order_items as i on r.id = i.order_id
            left join trustcart.products as p on i.product_id = p.id
            left join trustcart.categories as g on p.category_id = g.id
        ),

        days as (
            select
                d.order_date,
                d.order_date - lag(d.order_date) over (order by d.order_date) as gap
            from (select distinct r.order_date from recent as r) as d
        )

        select
            jsonb_build_object(
                'behavior', trustcart_api.behavior(p_customer_id),
                'orders_looked_at', (select count(*) from recent),
                'payment_methods', (
                    select
                        coalesce(
                            jsonb_agg(
                                jsonb_build_object(
                                    'payment_method', m.payment_method,
                                    'orders', m.orders,
                                    'spend', trim_scale(m.spend)
                                )
                                order by m.orders desc, m.payment_method asc
                            ),
                            '[]'
                        )
                    from (
                        select
                            r.payment_method,
                            count(*) as orders,
                            sum(r.total_amount) as spend
                        from recent as r
                        group by r.payment_method
                    ) as m
                ),
                'hours', (
                    select
                        coalesce(
                            jsonb_agg(jsonb_build_object('hour', h.hour, 'orders', h.orders) order by h.hour), '[]'
                        )
                    from (
                        select
                            extract(hour from r.ordered_at at time zone v_time_zone)::integer as hour,
                            count(*) as orders
                        from recent as r
                        where r.ordered_at is not null
                        group by 1
                    ) as h
                ),
                'weekdays', (
                    select
                        coalesce(
                            jsonb_agg(
                                jsonb_build_object('weekday', w.weekday, 'orders', w.orders) order by w.weekday
                            ),
                            '[]'
                        )
                    from (
                        select
                            extract(isodow from r.order_date)::integer as weekday,
                            count(*) as orders
                        from recent as r
                        group by 1
                    ) as w
                ),
                'gaps', (
                    select
                        coalesce(
                            jsonb_agg(
                                jsonb_build_object('date', g.order_date, 'days', g.gap) order by g.order_date
                            ),
                            '[]'
                        )
                    from (
                        select
                            d.order_date,
                            d.gap
                        from days as d
                        where d.gap is not null
                        order by d.order_date desc
                        limit 12
                    ) as g
                ),
                'categories', (
                    select
                        coalesce(
                            jsonb_agg(
                                jsonb_build_object(
                                    'category', c.category, 'orders', c.orders, 'spend', trim_scale(c.spend)
                                )
                                order by c.spend desc, c.category asc
                            ),
                            '[]'
                        )
                    from (
                        select
                            b.category,
                            count(distinct b.order_id) as orders,
                            sum(b.amount) as spend
                        from bought as b
                        where b.category is not null
                        group by b.category
                        order by spend desc, b.category asc
                        limit 8
                    ) as c
                ),
                'products', (
                    select
                        coalesce(
                            jsonb_agg(
                                jsonb_build_object(
                                    'product_name', c.product_name,
                                    'orders', c.orders,
                                    'quantity', trim_scale(c.quantity),
                                    'spend', trim_scale(c.spend),
                                    'last_bought', c.last_bought
                                )
                                order by c.orders desc, c.spend desc, c.product_name asc
                            ),
                            '[]'
                        )
                    from (
                        select
                            b.product_name,
                            count(distinct b.order_id) as orders,
                            sum(b.quantity) as quantity,
                            sum(b.amount) as spend,
                            max(b.order_date) as last_bought
                        from bought as b
                        where b.product_name is not null
                        group by b.product_name
                        order by orders desc, spend desc, b.product_name asc
                        limit 8
                    ) as c
                ),
                'carts', (
                    select
                        coalesce(
                            jsonb_agg(
                                jsonb_build_object(
                                    'id', k.id,
                                    'amount', trim_scale(k.total_amount),
                                    'last_active_at', to_char(
                                        k.last_active_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                                    ),
                                    'state', case
                                        when k.recovered_on is not null then 'recovered'
                                        when k.order_id is not null then 'ordered'
                                        when k.abandoned_at is not null then 'abandoned'
                                        else 'open'
                                    end,
                                    'recovered_on', k.recovered_on
                                )
                                order by k.last_active_at desc, k.id desc
                            ),
                            '[]'
                        )
                    from (
                        select n.*
                        from trustcart.carts as n
                        where n.customer_id = p_customer_id
                        order by n.last_active_at desc, n.id desc
                        limit 5
                    ) as k
                ),
                'preferences', (
                    select
                        jsonb_build_object(
                            'preferred_from', left(p.preferred_from::text, 5),
                            'preferred_until', left(p.preferred_until::text, 5),
                            'language', p.language,
                            'time_zone', p.time_zone
                        )
                    from trustcart.customer_contact_preferences as p
                    where p.customer_id = p_customer_id
                )
            )
    );
end;
$$;
comment on function trustcart_api.page_customer_behavior(bigint) is
'The tab Behavior of a customer''s page, as an object: behavior as the endpoint gives it; of the last 200 counted orders
payment_methods, hours (of those whose hour is known) and weekdays (1 Monday) with their orders, gaps (days since the
order before, the last 12, oldest first), categories and products (8 each); carts (the last 5: open, abandoned, recovered,
ordered); preferences for being called, or null. Amounts in taka, hours in the business time zone. TC003 without a
customer, TC004 when there is none, TC403 not an agent''s customer (guide: "Customer Detail Page").';

-- The orders that are not there yet, in one statement, so that the triggers run once. An order without a number gets
-- one from what it says and its occurrence among equal rows: the same row of a grown file is the same order. The coupon
-- code has no part in that: files of before it was read keep their numbers.
insert into trustcart.sales_orders (
    order_number, customer_id, order_date, ordered_at, total_amount, status, payment_method, coupon_code, notes
)
select
    n.order_number,
    n.customer_id,
    n.order_date,
    n.ordered_at,
    n.total_amount,
    n.status,
    n.payment_method,
    n.coupon_code,
    n.notes
from (
    select
        o.order_number,
        o.customer_id::bigint as customer_id,
        o.order_date::date as order_date,
        trustcart_private.parse_instant(o.ordered_at, s.time_zone) as ordered_at,
        o.total_amount::numeric as total_amount,
        coalesce(lower(o.status), 'delivered') as status,
        o.payment_method,
        o.coupon_code,
        o.notes
    from import_orders as o
    cross join trustcart.settings as s
    where o.order_number is not null
    union all
    select
        'IMP-' || replace(u.fingerprint::text, '-', '') || '-'
        || row_number() over (partition by u.fingerprint order by u.record) as order_number,
        u.customer_id,
        u.order_date,
        u.ordered_at,
        u.total_amount,
        u.status,
        u.payment_method,
        u.coupon_code,
        u.notes
    from (
        select
            p.*,
            trustcart_private.order_fingerprint(
                p.customer_id, p.order_date, p.ordered_at, p.total_amount, p.status, p.payment_method, p.notes
            ) as fingerprint
        from (
            select
                o.record,
                o.customer_id::bigint as customer_id,
                o.order_date::date as order_date,
                trustcart_private.parse_instant(o.ordered_at, s.time_zone) as ordered_at,
                o.total_amount::numeric as total_amount,
                coalesce(lower(o.status), 'delivered') as status,
                o.payment_method,
                o.coupon_code,
                o.notes
            from import_orders as o
            cross join trustcart.settings as s
            where o.order_number is null
        ) as p
    ) as u
) as n
where not exists (
    select
    from trustcart.sales_orders as e
    where e.order_number = n.order_number
)
order by n.customer_id, n.order_date;

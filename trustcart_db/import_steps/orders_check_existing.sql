-- Orders whose number is taken by an order that says something else. Runs once every value can be read. The order of a
-- customer who was merged into another is that one's now; of one who was erased the words are gone.
insert into import_problems (kind, record, reason)
select
    'orders' as kind,
    f.record,
    format('order_number %L exists already, with another %s', f.order_number, f.difference) as reason
from (
    select
        o.record,
        o.order_number,
        case
            when e.customer_id <> coalesce(c.merged_into_id, o.customer_id::bigint) then 'customer_id'
            when e.order_date <> o.order_date::date then 'order_date'
            when e.total_amount <> o.total_amount::numeric then 'total_amount'
            when e.status <> lower(o.status) then 'status'
            when
                o.ordered_at is not null
                and (e.ordered_at = trustcart_private.parse_instant(o.ordered_at, s.time_zone)) is not true
                then 'ordered_at'
            when c.erased_at is not null then null
            when coalesce(e.payment_method, '') <> o.payment_method then 'payment_method'
            when coalesce(e.coupon_code, '') <> o.coupon_code then 'coupon_code'
            when coalesce(e.notes, '') <> o.notes then 'note'
        end as difference
    from import_orders as o
    inner join trustcart.sales_orders as e on o.order_number = e.order_number
    left join trustcart.customers as c on c.id = o.customer_id::bigint
    cross join trustcart.settings as s
) as f
where f.difference is not null;

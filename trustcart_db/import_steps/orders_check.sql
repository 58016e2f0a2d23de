-- Each row of an orders file that cannot be taken, with its reason. Values are trimmed, and null where empty.
insert into import_problems (kind, record, reason)
select
    'orders' as kind,
    f.record,
    f.reason
from (
    select
        o.record,
        case
            when o.customer_id is null then 'customer_id is missing'
            when o.customer_id !~ '^[1-9][0-9]*$' or length(o.customer_id) > 18
                then format('customer_id %L is not a positive whole number', o.customer_id)
            when o.order_date is null then 'order_date is missing'
            when not d.is_sane then format('order_date %L is not a date of the calendar as YYYY-MM-DD', o.order_date)
            when o.total_amount is null then 'total_amount is missing'
            when o.total_amount ~ '^-[0-9.]+$' then format('total_amount %s is negative', o.total_amount)
            when not trustcart_private.is_amount(o.total_amount)
                then format('total_amount %L is not an amount such as 1250.50', o.total_amount)
            when o.status is not null and s.status is null
                then format(
                    'status %L is none of %s',
                    o.status,
                    (select string_agg(known.status, ', ' order by known.status) from trustcart.order_statuses as known)
                )
            when not trustcart_private.is_instant(o.ordered_at)
                then format('ordered_at %L is not a time such as 2025-12-19 18:30', o.ordered_at)
        end as reason
    from import_orders as o
    -- Many orders are of few days: each day is looked at once.
    left join (
        select
            x.order_date,
            trustcart_private.is_calendar_date(x.order_date) and x.order_date >= '1900' as is_sane
        from import_orders as x
        group by x.order_date
    ) as d on o.order_date = d.order_date
    left join trustcart.order_statuses as s on lower(o.status) = s.status
) as f
where f.reason is not null;

-- A number names one order.
insert into import_problems (kind, record, reason)
select
    'orders' as kind,
    f.record,
    format('order_number %L stands in the file more than once', f.order_number) as reason
from (
    select
        o.record,
        o.order_number,
        row_number() over (partition by o.order_number order by o.record) as occurrence
    from import_orders as o
    where o.order_number is not null
) as f
where f.occurrence > 1;

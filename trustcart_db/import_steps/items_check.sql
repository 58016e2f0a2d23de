-- Each row of an items file that cannot be taken, with its reason. Values are trimmed, and null where empty.
insert into import_problems (kind, record, reason)
select
    'items' as kind,
    f.record,
    f.reason
from (
    select
        i.record,
        case
            when i.order_number is null then 'order_number is missing'
            when coalesce(i.product, i.sku) is null then 'product is missing'
            when not q.is_sane then format('quantity %L is not a quantity such as 2 or 0.500', i.quantity)
            when not trustcart_private.is_amount(i.unit_price)
                then format('unit_price %L is not an amount such as 450.00', i.unit_price)
            when not trustcart_private.is_amount(i.line_total)
                then format('line_total %L is not an amount such as 900.00', i.line_total)
            when
                case
                    when q.is_sane and trustcart_private.is_amount(i.unit_price)
                        then i.quantity::numeric * i.unit_price::numeric >= 1e10
                end
                then 'quantity times unit_price is beyond all bounds'
            when
                not exists (
                    select
                    from trustcart.sales_orders as o
                    where o.order_number = i.order_number
                )
                and not exists (
                    select
                    from import_orders as o
                    where o.order_number = i.order_number
                )
                then format('there is no order %L', i.order_number)
        end as reason
    from import_items as i
    cross join lateral (
        select
            case
                when i.quantity is null then true
                when i.quantity ~ '^[0-9]+(\.[0-9]*)?$' and length(i.quantity) < 30
                    then
                        i.quantity::numeric > 0 and i.quantity::numeric < 1e8
                        and i.quantity::numeric = round(i.quantity::numeric, 3)
                else false
            end as is_sane
    ) as q
) as f
where f.reason is not null;

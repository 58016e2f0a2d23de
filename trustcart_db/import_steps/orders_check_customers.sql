-- Without --create-customers: orders of customers whom neither the database nor the customers file knows.
insert into import_problems (kind, record, reason)
select
    'orders' as kind,
    o.record,
    format('there is no customer %s', o.customer_id) as reason
from (
    select
        x.record,
        x.customer_id,
        case when x.customer_id ~ '^[1-9][0-9]*$' and length(x.customer_id) <= 18 then x.customer_id::bigint end as id
    from import_orders as x
) as o
where
    o.id is not null
    and not exists (
        select
        from trustcart.customers as c
        where c.id = o.id
    )
    and not exists (
        select
        from import_customers as c
        where c.customer_id = o.customer_id
    );

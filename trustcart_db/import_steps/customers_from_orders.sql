-- --create-customers: those who have ordered and whom nobody knows yet, by their id alone.
insert into import_customers (customer_id)
select distinct o.customer_id
from import_orders as o
where
    not exists (
        select
        from trustcart.customers as c
        where c.id = o.customer_id::bigint
    )
    and not exists (
        select
        from import_customers as c
        where c.customer_id = o.customer_id
    );

-- requires: customers_of_caller

drop policy if exists sales_orders_agents on trustcart.sales_orders;
create policy sales_orders_agents on trustcart.sales_orders
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = sales_orders.customer_id
    )
);

comment on policy sales_orders_agents on trustcart.sales_orders is
'Agents: rows of the customers whom they may see.';

-- requires: sales_orders_agents

drop policy if exists sales_order_items_agents on trustcart.sales_order_items;
create policy sales_order_items_agents on trustcart.sales_order_items
to trustcart_agent
using (
    exists (
        select from trustcart.sales_orders as o
        where o.id = sales_order_items.order_id
    )
);

comment on policy sales_order_items_agents on trustcart.sales_order_items is
'Agents: items of the orders that they may see.';

-- requires: sales_orders_agents

drop policy if exists order_attributions_agents on trustcart.order_attributions;
create policy order_attributions_agents on trustcart.order_attributions
to trustcart_agent
using (
    exists (
        select from trustcart.sales_orders as o
        where o.id = order_attributions.order_id
    )
);

comment on policy order_attributions_agents on trustcart.order_attributions is
'Agents: those of the orders that they may see.';

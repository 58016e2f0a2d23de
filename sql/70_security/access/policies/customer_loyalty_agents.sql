-- requires: customers_of_caller

drop policy if exists customer_loyalty_agents on trustcart.customer_loyalty;
create policy customer_loyalty_agents on trustcart.customer_loyalty
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_loyalty.customer_id
    )
);

comment on policy customer_loyalty_agents on trustcart.customer_loyalty is
'Agents: rows of the customers whom they may see.';

-- requires: customers_of_caller

drop policy if exists customer_behavior_agents on trustcart.customer_behavior;
create policy customer_behavior_agents on trustcart.customer_behavior
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_behavior.customer_id
    )
);

comment on policy customer_behavior_agents on trustcart.customer_behavior is
'Agents: rows of the customers whom they may see.';

-- requires: own_agent_ids, customers_of_caller

drop policy if exists customer_interactions_agents on trustcart.customer_interactions;
create policy customer_interactions_agents on trustcart.customer_interactions
to trustcart_agent
using (
    agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
    or exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_interactions.customer_id
    )
);

comment on policy customer_interactions_agents on trustcart.customer_interactions is
'Agents: their own and their team''s, and those with customers whom they may see.';

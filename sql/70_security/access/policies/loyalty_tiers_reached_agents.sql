-- requires: customers_of_caller

drop policy if exists loyalty_tiers_reached_agents on trustcart.loyalty_tiers_reached;
create policy loyalty_tiers_reached_agents on trustcart.loyalty_tiers_reached
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = loyalty_tiers_reached.customer_id
    )
);

comment on policy loyalty_tiers_reached_agents on trustcart.loyalty_tiers_reached is
'Agents: rows of the customers whom they may see.';

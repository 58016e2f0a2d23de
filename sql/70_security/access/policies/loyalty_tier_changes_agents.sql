-- requires: customers_of_caller

drop policy if exists loyalty_tier_changes_agents on trustcart.loyalty_tier_changes;
create policy loyalty_tier_changes_agents on trustcart.loyalty_tier_changes
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = loyalty_tier_changes.customer_id
    )
);

comment on policy loyalty_tier_changes_agents on trustcart.loyalty_tier_changes is
'Agents: rows of the customers whom they may see.';

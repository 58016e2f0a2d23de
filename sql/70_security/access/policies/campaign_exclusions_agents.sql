-- requires: customers_of_caller

drop policy if exists campaign_exclusions_agents on trustcart.campaign_exclusions;
create policy campaign_exclusions_agents on trustcart.campaign_exclusions
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = campaign_exclusions.customer_id
    )
);

comment on policy campaign_exclusions_agents on trustcart.campaign_exclusions is
'Agents: rows of the customers whom they may see.';

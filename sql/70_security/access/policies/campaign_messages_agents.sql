-- requires: customers_of_caller

drop policy if exists campaign_messages_agents on trustcart.campaign_messages;
create policy campaign_messages_agents on trustcart.campaign_messages
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = campaign_messages.customer_id
    )
);

comment on policy campaign_messages_agents on trustcart.campaign_messages is
'Agents: rows of the customers whom they may see.';

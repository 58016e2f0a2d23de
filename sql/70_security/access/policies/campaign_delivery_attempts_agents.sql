-- requires: campaign_messages_agents

drop policy if exists campaign_delivery_attempts_agents on trustcart.campaign_delivery_attempts;
create policy campaign_delivery_attempts_agents on trustcart.campaign_delivery_attempts
to trustcart_agent
using (
    exists (
        select from trustcart.campaign_messages as m
        where m.id = campaign_delivery_attempts.message_id
    )
);

comment on policy campaign_delivery_attempts_agents on trustcart.campaign_delivery_attempts is
'Agents: those of messages to customers whom they may see.';

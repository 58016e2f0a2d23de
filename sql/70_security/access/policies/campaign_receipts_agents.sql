-- requires: campaign_messages_agents

drop policy if exists campaign_receipts_agents on trustcart.campaign_receipts;
create policy campaign_receipts_agents on trustcart.campaign_receipts
to trustcart_agent
using (
    exists (
        select from trustcart.campaign_messages as m
        where m.id = campaign_receipts.message_id
    )
);

comment on policy campaign_receipts_agents on trustcart.campaign_receipts is
'Agents: those of messages to customers whom they may see.';

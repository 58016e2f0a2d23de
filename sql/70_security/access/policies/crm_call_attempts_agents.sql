-- requires: own_agent_ids, customers_of_caller

drop policy if exists crm_call_attempts_agents on trustcart.crm_call_attempts;
create policy crm_call_attempts_agents on trustcart.crm_call_attempts
to trustcart_agent
using (
    agent_id = any((select trustcart_private.own_agent_ids())::bigint[])
    or exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = crm_call_attempts.customer_id
    )
);

comment on policy crm_call_attempts_agents on trustcart.crm_call_attempts is
'Agents: their own and their team''s, and those with customers whom they may see.';

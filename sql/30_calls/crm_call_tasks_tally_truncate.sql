-- requires: count_agent_calls

create or replace trigger crm_call_tasks_tally_truncate
after truncate on trustcart.crm_call_tasks
for each statement
execute function trustcart_private.count_agent_calls();

comment on trigger crm_call_tasks_tally_truncate on trustcart.crm_call_tasks is
'Without calls no agent''s day has any.';

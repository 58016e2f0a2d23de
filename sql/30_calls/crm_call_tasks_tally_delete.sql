-- requires: count_agent_calls

create or replace trigger crm_call_tasks_tally_delete
after delete on trustcart.crm_call_tasks
referencing old table as old_rows
for each statement
execute function trustcart_private.count_agent_calls();

comment on trigger crm_call_tasks_tally_delete on trustcart.crm_call_tasks is
'Deleted calls free their place in the days of their agents.';

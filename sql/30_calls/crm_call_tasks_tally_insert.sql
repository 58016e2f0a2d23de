-- requires: count_agent_calls

create or replace trigger crm_call_tasks_tally_insert
after insert on trustcart.crm_call_tasks
referencing new table as new_rows
for each statement
execute function trustcart_private.count_agent_calls();

comment on trigger crm_call_tasks_tally_insert on trustcart.crm_call_tasks is
'New calls take their place in the days of their agents; many at once are counted as one.';

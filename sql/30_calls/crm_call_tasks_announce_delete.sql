-- requires: announce_calls

create or replace trigger crm_call_tasks_announce_delete
after delete on trustcart.crm_call_tasks
referencing old table as old_rows
for each statement
execute function trustcart_private.announce_calls();

comment on trigger crm_call_tasks_announce_delete on trustcart.crm_call_tasks is
'Deleted calls leave the open pages of their agents.';

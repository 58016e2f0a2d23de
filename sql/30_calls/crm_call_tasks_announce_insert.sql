-- requires: announce_calls

create or replace trigger crm_call_tasks_announce_insert
after insert on trustcart.crm_call_tasks
referencing new table as new_rows
for each statement
execute function trustcart_private.announce_calls();

comment on trigger crm_call_tasks_announce_insert on trustcart.crm_call_tasks is
'New calls are told to the open pages of their agents; a day''s list as one.';

-- requires: announce_calls

create or replace trigger crm_call_tasks_announce_truncate
after truncate on trustcart.crm_call_tasks
for each statement
execute function trustcart_private.announce_calls();

comment on trigger crm_call_tasks_announce_truncate on trustcart.crm_call_tasks is
'Without calls every open page is empty.';

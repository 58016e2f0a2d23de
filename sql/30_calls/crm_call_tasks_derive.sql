-- requires: derive_call_task

create or replace trigger crm_call_tasks_derive
before insert or update on trustcart.crm_call_tasks
for each row
execute function trustcart_private.derive_call_task();

comment on trigger crm_call_tasks_derive on trustcart.crm_call_tasks is
'The times of a task follow from its status.';

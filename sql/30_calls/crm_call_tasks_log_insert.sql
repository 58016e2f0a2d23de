-- requires: log_completed_call

-- By row, for WHEN passes over the pending tasks of a day's generation before anything is queued.
create or replace trigger crm_call_tasks_log_insert
after insert on trustcart.crm_call_tasks
for each row
when (new.status = 'completed')
execute function trustcart_private.log_completed_call();

comment on trigger crm_call_tasks_log_insert on trustcart.crm_call_tasks is
'A task inserted as completed writes its interaction and its attempt.';

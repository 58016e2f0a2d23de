-- requires: log_audit_trail

-- Not of the day's list: plan_daily_call_tasks() says why each of its calls is there, at any time.
create or replace trigger crm_call_tasks_audit_insert
after insert on trustcart.crm_call_tasks
for each row
when (
    new.source = 'manual'
)
execute function trustcart.log_audit_trail();

comment on trigger crm_call_tasks_audit_insert on trustcart.crm_call_tasks is
'Writes to audit_logs who asked for a call by hand.';

-- requires: log_completed_call

create or replace trigger crm_call_tasks_log_update
after update on trustcart.crm_call_tasks
for each row
when (
    new.status = 'completed'
    and (
        (old.status, old.outcome, old.notes, old.follow_up_date, old.assigned_agent_id, old.customer_id)
        is distinct from
        (new.status, new.outcome, new.notes, new.follow_up_date, new.assigned_agent_id, new.customer_id)
    )
)
execute function trustcart_private.log_completed_call();

comment on trigger crm_call_tasks_log_update on trustcart.crm_call_tasks is
'A task that becomes completed, or is corrected afterwards, writes its interaction and its attempt.';

-- The same loop, made safe to run twice in the common way.
do $$
declare
    v_row record;
begin
    for v_row in
        select * from planned order by customer_id
    loop
        if not exists (
            select from crm_call_tasks
            where customer_id = v_row.customer_id and task_date = v_row.task_date
        ) then
            insert into crm_call_tasks (customer_id, assigned_agent_id, task_type, priority, task_date, notes)
            values (
                v_row.customer_id, v_row.agent_id, v_row.task_type, v_row.priority, v_row.task_date, v_row.notes
            );
        end if;
    end loop;
end;
$$;

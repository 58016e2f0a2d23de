-- The guide says what generate_daily_call_tasks() writes, not how: a loop with one INSERT a row, as such functions are
-- commonly written. The rows are those of our plan, in the temporary table `planned`.
do $$
declare
    v_row record;
begin
    for v_row in
        select * from planned order by customer_id
    loop
        insert into crm_call_tasks (customer_id, assigned_agent_id, task_type, priority, task_date, notes)
        values (
            v_row.customer_id, v_row.agent_id, v_row.task_type, v_row.priority, v_row.task_date, v_row.notes
        );
    end loop;
end;
$$;

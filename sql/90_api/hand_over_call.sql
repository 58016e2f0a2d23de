-- requires: team_of_caller, reassign_call_task

create or replace function trustcart_api.hand_over_call(
    p_task_id bigint, p_agent_id bigint, p_why text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_task trustcart.crm_call_tasks;
begin
    perform trustcart_private.team_of_caller();
    if p_task_id is null or p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = case when p_task_id is null then 'taskId' else 'agentId' end || ' is required',
            hint = 'Say which call, and who makes it instead.';
    end if;
    v_task := trustcart.reassign_call_task(p_task_id, p_agent_id, p_why);
    return jsonb_build_object(
        'id', v_task.id,
        'task_date', v_task.task_date,
        'assigned_agent_id', v_task.assigned_agent_id,
        'agent_name', trustcart.user_name(v_task.assigned_agent_id),
        'why_agent', v_task.why_agent
    );
end;
$$;
comment on function trustcart_api.hand_over_call(bigint, bigint, text) is
'The team page: gives an open call to another agent, p_why says why. Leaders: a call of the team to one of the team.
Returns id, task_date, assigned_agent_id, agent_name and why_agent. Errors of reassign_call_task(), TC003 for an
argument that is missing, TC403 for an agent without a team.';

-- requires: page_agent_list, page_agent_call, page_frame

create or replace function trustcart_api.page_agent(
    p_agent_id bigint default null, p_date text default null, p_task_id bigint default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
    v_agent_id bigint := coalesce(
        p_agent_id, case when v_frame ->> 'role' = 'crm_agent' then (v_frame ->> 'user_id')::bigint end
    );
    v_agents jsonb;
    v_page jsonb;
    v_task_id bigint;
begin
    -- Row security leaves agents themselves, and leaders their team.
    select
        coalesce(
            jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by lower(u.name), u.id), '[]'
        )
    into v_agents
    from trustcart.users as u
    where u.role = 'crm_agent' and (u.is_active or u.id = v_agent_id);
    if v_agent_id is null then
        return jsonb_build_object('frame', v_frame, 'agents', v_agents, 'agent', null);
    end if;
    v_page := trustcart_api.page_agent_list(v_agent_id, p_date);
    -- The call in hand is of today.
    v_task_id := coalesce(
        p_task_id, case when (v_page ->> 'is_today')::boolean then (v_page ->> 'in_hand_id')::bigint end
    );
    return v_page || jsonb_build_object(
        'agents', v_agents,
        'call', case when v_task_id is not null then trustcart_api.page_agent_call(v_task_id) - 'frame' end,
        'task_types', (
            select
                jsonb_agg(jsonb_build_object('task_type', y.task_type, 'description', y.description) order by y.rank)
            from trustcart.call_task_types as y
            where y.is_enabled
        )
    );
end;
$$;
comment on function trustcart_api.page_agent(bigint, text, bigint) is
'The agent dashboard: page_agent_list() of an agent (default: who is asking, if an agent) and a day, with call, what
page_agent_call() says of p_task_id, else of the call in hand, else null; agents, whom the caller may look at; and
task_types, of which calls can be made by hand. For a manager who names no agent: frame and agents alone, agent null.
Errors as those two; TC402 when nobody is signed in.';

-- requires: take_next_call, begin_request

create or replace function trustcart_api.next_call(p_agent_id bigint default null, p_request_id text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent_id bigint := coalesce(p_agent_id, trustcart.current_user_id());
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'next_call', jsonb_build_array(v_agent_id)
    );
    v_task_id bigint := v_earlier.task_id;
begin
    if v_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agentId is required',
            hint = 'Say who is going to call.',
            column = 'agentId';
    end if;
    if v_earlier.request_id is null then
        v_task_id := trustcart_private.take_next_call(v_agent_id);
        update trustcart_private.call_requests as r set task_id = v_task_id where r.request_id = p_request_id;
    end if;
    return jsonb_build_object('task_id', v_task_id);
end;
$$;
comment on function trustcart_api.next_call(bigint, text) is
'The call to make now: the one that the agent (default: who is asking) has in hand, else the next of the list, claimed.
Returns {"task_id"}; null: the list holds none now. p_request_id again answers the same. TC003 nobody, TC004 no such
user, TC106 request id, TC201 not an active agent, TC207 absent today, TC403 another agent''s.';

-- requires: start_call_task, call_task_answer

create or replace function trustcart_api.start_call(
    p_task_id bigint, p_agent_id bigint default null, p_request_id text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return trustcart_private.call_task_answer(
        trustcart.start_call_task(
            p_task_id, coalesce(p_agent_id, trustcart.current_user_id()), p_request_id => p_request_id
        )
    );
end;
$$;
comment on function trustcart_api.start_call(bigint, bigint, text) is
'An agent (default: who is asking) dials: start_call_task(), now. Returns the task. Errors as start_call_task().';

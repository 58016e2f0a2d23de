-- requires: undo_call_outcome, call_task_answer

create or replace function trustcart_api.undo_call(p_task_id bigint, p_request_id text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return trustcart_private.call_task_answer(
        trustcart.undo_call_outcome(p_task_id, p_request_id => p_request_id)
    );
end;
$$;
comment on function trustcart_api.undo_call(bigint, text) is
'Takes the last outcome of a call back, now: undo_call_outcome(). A refusal of calls that was recorded with it stays:
consents are only added to. Returns the task. Errors as undo_call_outcome().';

-- requires: skip_call_task, call_task_answer

create or replace function trustcart_api.skip_call(
    p_task_id bigint, p_reason text, p_notes text default null, p_request_id text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(btrim(p_reason), '') = '' then
        raise exception using
            errcode = 'TC003',
            message = 'reason is required',
            hint = 'Say why nobody calls: the next who looks at this customer wants to know.',
            column = 'reason';
    end if;
    return trustcart_private.call_task_answer(
        trustcart.skip_call_task(p_task_id, p_reason, p_notes, p_request_id => p_request_id)
    );
end;
$$;
comment on function trustcart_api.skip_call(bigint, text, text, text) is
'Closes a call that is not made, with the reason. Returns the task. TC003 without a reason; the rest as
skip_call_task().';

-- requires: begin_request, lock_open_task

create or replace function trustcart.skip_call_task(
    p_task_id bigint,
    p_reason text default null,
    p_notes text default null,
    p_outcome text default null,
    p_request_id text default null
)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'skip_call_task', jsonb_build_array(p_task_id, p_reason, p_notes, p_outcome), p_task_id
    );
    v_task trustcart.crm_call_tasks;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    update trustcart.crm_call_tasks as t
    set
        status = 'skipped',
        close_reason = nullif(btrim(p_reason), ''),
        notes = coalesce(nullif(btrim(p_notes), ''), t.notes),
        outcome = coalesce(nullif(btrim(p_outcome), ''), t.outcome)
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;
comment on function trustcart.skip_call_task(bigint, text, text, text, text) is
'Closes a pending task without a call; p_reason says why, p_notes and p_outcome are noted on it. A skipped call counts
toward no cadence and frees its place in the agent''s day. p_request_id again does nothing again. Returns the task.
TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed, TC106 request id.';

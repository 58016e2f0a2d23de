-- requires: instant_of_caller, begin_request, lock_open_task

create or replace function trustcart.snooze_call_task(
    p_task_id bigint, p_until timestamptz, p_at timestamptz default now(), p_request_id text default null
)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'snooze_call_task', jsonb_build_array(p_task_id, extract(epoch from p_until)), p_task_id
    );
    v_task trustcart.crm_call_tasks;
    v_until_on date;
begin
    p_at := trustcart_private.instant_of_caller(p_at);
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    if p_until is null then
        raise exception using
            errcode = 'TC003',
            message = 'until is required',
            hint = 'Say at what hour the call comes up again.';
    elsif p_until <= p_at then
        raise exception using
            errcode = 'TC204',
            message = format('until %s is past', p_until),
            hint = format('Give an hour of %s that is still to come.', v_task.task_date);
    end if;
    v_until_on := (p_until at time zone (select s.time_zone from trustcart.settings as s))::date;
    if v_until_on <> v_task.task_date then
        raise exception using
            errcode = 'TC005',
            message = format('call task %s is of %s, not of %s', p_task_id, v_task.task_date, v_until_on),
            hint = 'Log the attempt with the day agreed on; what nobody calls comes up again the next day by itself.';
    end if;
    update trustcart.crm_call_tasks as t
    set due_at = p_until, claimed_by = null, claimed_at = null, started_at = null
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;
comment on function trustcart.snooze_call_task(bigint, timestamptz, timestamptz, text) is
'Puts a pending task off to a later hour of its day; it is unclaimed until then, and then among the first.
p_request_id again does nothing again. Returns the task. TC003 without id or hour, TC004 no such task, TC005 another
day, TC101, TC102, TC103 when the task is closed, TC106 request id, TC204 hour not after p_at.';

-- requires: check_task_access

create or replace function trustcart_private.lock_open_task(p_task_id bigint)
returns trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_task trustcart.crm_call_tasks;
    v_successor text;
begin
    if p_task_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'task_id is required',
            hint = 'Give the id of the task, as call lists show it.';
    end if;
    select t.*
    into v_task
    from trustcart.crm_call_tasks as t
    where t.id = p_task_id
    for no key update;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no call task %s', p_task_id),
            hint = 'Take the id from the call list.';
    end if;
    perform trustcart_private.check_task_access(v_task);
    if v_task.status = 'completed' then
        raise exception using
            errcode = 'TC101',
            message = format('call task %s is completed already', p_task_id),
            hint = 'Log another contact as an interaction, or create a task for another call.';
    elsif v_task.status = 'skipped' then
        raise exception using
            errcode = 'TC102',
            message = format('call task %s was skipped', p_task_id),
            hint = 'Create a task for another call.';
    elsif v_task.status <> 'pending' then
        -- The last of those that carry it on: its successor may have been carried on itself.
        with recursive successors as (
            select
                v_task.id as id,
                v_task.task_date as task_date
            union
            select
                t.id,
                t.task_date
            from successors as s
            inner join trustcart.crm_call_tasks as t
                on
                    t.customer_id = v_task.customer_id
                    and s.task_date < t.task_date
                    and (
                        s.id = t.predecessor_id
                        or t.reasons @> jsonb_build_array(
                            jsonb_build_object('carried_from', jsonb_build_array(s.id))
                        )
                    )
        )
        select format('Task %s of %s carries it on.', s.id, s.task_date) into v_successor
        from successors as s
        where v_task.status = 'carried' and s.id <> v_task.id
        order by s.task_date desc, s.id desc
        limit 1;
        raise exception using
            errcode = 'TC103',
            message = format('call task %s is %s%s', p_task_id, v_task.status, ': ' || v_task.close_reason),
            hint = case
                when v_successor is not null then v_successor
                when v_task.close_reason = 'do not call'
                    then 'Record a new consent in trustcart.customer_consents when the customer allows calls again.'
                when v_task.status = 'cancelled' then 'Create a task for another call, if there is still cause for one.'
                else 'Create a task for another call.'
            end;
    end if;
    return v_task;
end;
$$;
comment on function trustcart_private.lock_open_task(bigint) is
'The pending task with this id, locked until the transaction ends. TC003 without an id, TC004 when there is none, TC101
completed, TC102 skipped, TC103 closed otherwise; the hint names the task that carries it on; TC403 not an
agent''s.';

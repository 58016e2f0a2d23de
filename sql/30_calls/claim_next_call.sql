-- requires: instant_of_caller, begin_request, require_agent, agent_capacity, release_void_claims
-- requires: next_claimable_call, refusal_of_call

create or replace function trustcart.claim_next_call(
    p_agent_id bigint, p_at timestamptz default now(), p_request_id text default null
)
returns setof trustcart.crm_call_tasks
language plpgsql volatile parallel unsafe
security definer
rows 1
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_earlier trustcart_private.call_requests;
    v_settings trustcart.settings;
    v_date date;
    v_void_before timestamptz;
    v_max_calls integer;
    v_absence text;
    v_room integer;
    v_pool boolean := true;
    v_passed bigint[] := array[]::bigint[];
    v_next record;
    v_task trustcart.crm_call_tasks;
    v_reason text;
    v_sqlstate text;
    v_waiting record;
begin
    p_at := trustcart_private.instant_of_caller(p_at);
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agent_id is required',
            hint = 'Say who is going to call.';
    end if;
    if p_request_id is not null then
        v_earlier := trustcart_private.begin_request(p_request_id, 'claim_next_call', jsonb_build_array(p_agent_id));
        if v_earlier.request_id is not null then
            return query select t.* from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
            return;
        end if;
    end if;
    perform trustcart_private.require_agent(p_agent_id);
    select s.* into v_settings from trustcart.settings as s;
    v_date := (p_at at time zone v_settings.time_zone)::date;
    v_void_before := p_at - v_settings.claim_timeout;
    select c.max_calls, c.absence into v_max_calls, v_absence
    from trustcart_private.agent_capacity(v_date, p_agent_id) as c
    where c.agent_id = p_agent_id;
    if v_absence is not null then
        raise exception using
            errcode = 'TC207',
            message = format('agent %s is absent on %s: %s', p_agent_id, v_date, v_absence),
            hint = 'Correct agent_leave, agent_working_hours or shop_holidays, if the agent works after all.';
    end if;

    perform trustcart_private.release_void_claims(v_date, v_void_before);
    loop
        v_next := trustcart_private.next_claimable_call(p_agent_id, v_date, p_at, v_void_before, v_passed, v_pool);
        exit when v_next.task_id is null;

        if v_next.is_pool then
            -- One claim of an agent from the pool at a time, so that two do not both take the last place of the day.
            perform from trustcart.users as u where u.id = p_agent_id for no key update;
            select
                v_max_calls
                - coalesce(
                    (
                        select d.calls from trustcart.agent_days as d
                        where d.agent_id = p_agent_id and d.work_date = v_date
                    ), 0
                )
                - count(*)
            into v_room
            from trustcart.crm_call_tasks as t
            where
                t.claimed_by = p_agent_id and t.assigned_agent_id is null and t.task_date = v_date
                and t.status = 'pending';
            if v_room <= 0 then
                v_pool := false;
                continue;
            end if;
        end if;

        select r.reason, r.sqlstate into v_reason, v_sqlstate
        from trustcart_private.refusal_of_call(v_next.customer_id, p_at) as r;
        if v_reason is null then
            update trustcart.crm_call_tasks as t
            set claimed_by = p_agent_id, claimed_at = p_at, started_at = null
            where t.id = v_next.task_id
            returning t.* into v_task;
            if p_request_id is not null then
                update trustcart_private.call_requests as r set task_id = v_task.id where r.request_id = p_request_id;
            end if;
            return next v_task;
            return;
        elsif v_sqlstate <> 'TC209' then
            update trustcart.crm_call_tasks as t
            set status = 'cancelled', close_reason = v_reason
            where t.id = v_next.task_id;
        end if;
        v_passed := v_passed || v_next.task_id;
    end loop;

    -- No row can mean two things to who reads it: go home, or wait.
    select
        count(*) as calls,
        count(*) filter (where t.due_at > p_at or t.call_from > p_at) as later,
        min(greatest(t.due_at, t.call_from)) filter (where t.due_at > p_at or t.call_from > p_at) as next_at
    into v_waiting
    from trustcart.crm_call_tasks as t
    where t.status = 'pending' and t.task_date = v_date and t.assigned_agent_id = p_agent_id;
    raise notice '%', case
        when v_waiting.later > 0
            then format(
                case
                    when v_waiting.later = 1 then '%s call of agent %s waits for its hour, at %s'
                    else '%s calls of agent %s wait for their hour, the next at %s'
                end,
                v_waiting.later, p_agent_id, to_char(v_waiting.next_at at time zone v_settings.time_zone, 'HH24:MI')
            )
        when v_waiting.calls > 0
            then format(
                'the list of agent %s holds nothing to claim: calls begun, claimed or out of their hours: %s',
                p_agent_id, v_waiting.calls
            )
        else format('the list of agent %s is done', p_agent_id)
    end;
end;
$$;
comment on function trustcart.claim_next_call(bigint, timestamptz, text) is
'The next call of an agent at p_at, claimed; no row when the list holds none: a notice then says whether the list is
done or its calls wait for their hour, and for which. Calls whose hour has come are first,
then the agent''s own in the order of the list, then, while the agent''s day has room, those of nobody. Sessions at
once never get the same task; each call of the function claims another one. A claim that is neither settled nor begun
within settings.claim_timeout returns to the list. Tasks out of their hours are passed over; where the customer may
not be called any more today, the task is cancelled with the reason. p_request_id again answers the same task. TC003
no agent, TC004 no such user, TC106 request id, TC201 not an active crm_agent, TC207 absent that day.';

-- requires: check_task_access, check_access, log_access, call_script, check_contact, interactions, recommendations
-- requires: family_members, customer_numbers, business_date, page_frame, call_in_hand, last_outcome_at

create or replace function trustcart_api.page_agent_call(p_task_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_settings trustcart.settings;
    v_task trustcart.crm_call_tasks;
    v_customer trustcart.customers;
    v_user_id bigint := trustcart.current_user_id();
begin
    select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
    if not found then
        raise exception using
            errcode = case when p_task_id is null then 'TC003' else 'TC004' end,
            message = case
                when p_task_id is null then 'taskId is required' else format('there is no call task %s', p_task_id)
            end,
            hint = 'Take the id from the call list.',
            column = 'taskId';
    end if;
    perform trustcart_private.check_task_access(v_task);
    perform trustcart.log_access(v_task.customer_id);
    select s.* into v_settings from trustcart.settings as s;
    select c.* into v_customer from trustcart.customers as c where c.id = v_task.customer_id;

    return jsonb_build_object(
        'frame', trustcart_api.page_frame(),
        'task', jsonb_build_object(
            'id', v_task.id,
            'task_type', v_task.task_type,
            'priority', v_task.priority,
            'task_date', v_task.task_date,
            'status', v_task.status,
            'outcome', v_task.outcome,
            'close_reason', v_task.close_reason,
            'notes', v_task.notes,
            'due_at', to_char(v_task.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'started_at', to_char(v_task.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'first_planned_on', v_task.first_planned_on,
            'why_agent', v_task.why_agent,
            'agent_name', trustcart.user_name(coalesce(v_task.claimed_by, v_task.assigned_agent_id)),
            'is_in_hand', trustcart.call_in_hand(v_user_id) is not distinct from v_task.id,
            -- Others look on: who works a call is whose it is.
            'can_work', coalesce(
                v_task.status = 'pending'
                and v_task.task_date = trustcart.business_date()
                and coalesce(v_task.claimed_by, v_task.assigned_agent_id) = v_user_id,
                false
            ),
            'can_undo', coalesce(
                trustcart.last_outcome_at(v_task.status, v_task.closed_at, v_task.before_outcome)
                + v_settings.undo_within >= now(),
                false
            ),
            'attempts', (
                select
                    coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'attempted_at', to_char(
                                    a.attempted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                                ),
                                'outcome', a.outcome,
                                'outcome_word', trustcart_private.outcome_word(a.outcome),
                                'notes', a.notes,
                                'agent_name', trustcart.user_name(a.agent_id)
                            )
                            order by a.attempted_at desc
                        ),
                        '[]'
                    )
                from trustcart.crm_call_attempts as a
                where a.task_id = v_task.id
            )
        ),
        'customer', jsonb_build_object(
            'id', v_customer.id,
            'name', nullif(concat_ws(' ', v_customer.first_name, v_customer.last_name), ''),
            'customer_type', v_customer.customer_type,
            'lifecycle_stage', v_customer.lifecycle_stage,
            'temperature', v_customer.priority_level,
            'lifetime_value', trim_scale(v_customer.total_spend),
            'total_orders', v_customer.order_count,
            'notes', v_customer.notes,
            'address', v_customer.address,
            'phones', (
                select
                    coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'number', n.number, 'dial', n.dial, 'is_wrong', n.is_wrong
                            )
                            order by n.is_wrong, n.kind <> 'phone'
                        ),
                        '[]'
                    )
                from trustcart.customer_numbers(v_task.customer_id) as n
                where not n.is_repeated
            )
        ),
        'script', trustcart.call_script(v_task.id, trustcart.business_date()),
        'refusals', (
            select
                coalesce(
                    jsonb_agg(jsonb_build_object('reason', r.reason, 'code', r.sqlstate) order by r.sqlstate), '[]'
                )
            from trustcart.check_contact(v_task.customer_id, now()) as r
        ),
        'do_not_call', exists (
            select from trustcart.consent_of(v_task.customer_id) as n
            where n.channel = 'call' and not n.granted
        ),
        'interactions', trustcart_api.interactions(v_task.customer_id, 5),
        'family', trustcart_api.family_members(v_task.customer_id),
        'recommendations', trustcart_api.recommendations(v_task.customer_id, 3),
        'outcomes', (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'outcome', o.outcome,
                        'next_step', o.next_step,
                        'retry_minutes', (extract(epoch from o.retry_after) / 60)::integer,
                        'max_attempts', o.max_attempts,
                        'pause_days', o.pause_days,
                        'description', o.description
                    )
                    order by
                        array_position(
                            array[
                                'successful', 'no_answer', 'busy', 'follow_up_needed', 'not_interested', 'wrong_number'
                            ],
                            o.outcome
                        ),
                        o.outcome
                )
            from trustcart.call_outcomes as o
        )
    );
end;
$$;
comment on function trustcart_api.page_agent_call(bigint) is
'What an agent needs on the phone: task (with its attempts, and whether the caller can_work it now, or can_undo its
outcome), customer (with phones: number, dial in E.164 or null, is_wrong), script (call_script()), refusals
(check_contact(), now) and do_not_call, the last five interactions, family, three recommendations, and the outcomes to
choose from (call_outcomes). That the customer was looked at is written to audit_logs. TC003 without an id, TC004 no
such task, TC403 another agent''s.';

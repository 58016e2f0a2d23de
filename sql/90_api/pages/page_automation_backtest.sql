-- requires: page_frame, checked_changes, backtest_call_plan

create or replace function trustcart_api.page_automation_backtest(
    p_task_type text default null, p_changes jsonb default null, p_days integer default 7
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_to date := trustcart.business_date() - 1;
    v_from date := v_to - p_days + 1;
    v_of_type boolean := nullif(btrim(p_task_type), '') is not null;
    v_type text := lower(btrim(p_task_type));
    v_changes jsonb;
    v_present jsonb;
    v_overrides jsonb;
    v_not_simulated jsonb;
    v_before jsonb;
    v_after jsonb;
begin
    if (p_days between 1 and 28) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('days %s is out of bounds', coalesce(p_days::text, 'null')),
            hint = 'Give 1 to 28; trustcart-db backtest replays longer periods.';
    elsif v_of_type then
        select to_jsonb(t) into v_present from trustcart.call_task_types as t where t.task_type = v_type;
        if v_present is null then
            raise exception using
                errcode = 'TC004',
                message = format('there is no type of call %L', left(p_task_type, 100)),
                hint = 'Take one of trustcart.call_task_types.';
        end if;
        v_changes := trustcart_private.checked_changes(
            'trustcart.call_task_types',
            p_changes,
            array[
                'is_enabled', 'base_priority', 'window_days', 'max_calls', 'max_calls_vip', 'min_gap_days',
                'win_back_max_calls', 'win_back_gap_days', 'can_wait', 'carry_days', 'required_skill', 'description'
            ]
        );
    else
        select to_jsonb(s) into v_present from trustcart.settings as s;
        v_changes := trustcart_private.checked_changes(
            'trustcart.settings',
            p_changes - array['claimTimeoutMinutes', 'undoWithinMinutes'],
            array[
                'contacts_per_week', 'quiet_from', 'quiet_until', 'calls_per_agent_day', 'working_days', 'call_order',
                'call_holdout_share'
            ]
        );
    end if;

    -- A form gives all its fields: what is as it is now is no change. What only a real list knows of is said, not tried.
    select
        coalesce(jsonb_object_agg(c.key, c.value) filter (where c.key <> all(x.unknown)), '{}'),
        coalesce(jsonb_agg(c.key order by c.key) filter (where c.key = any(x.unknown)), '[]')
    into v_changes, v_not_simulated
    from jsonb_each(v_changes) as c (key, value)
    cross join (select array['carry_days', 'description', 'working_days'] as unknown) as x
    where c.value is distinct from v_present -> c.key;
    v_overrides := case
        when v_of_type then jsonb_build_object('call_task_types', jsonb_build_object(v_type, v_changes))
        else jsonb_build_object('settings', v_changes)
    end;

    if v_changes <> '{}' then
        select jsonb_agg(to_jsonb(b)) into v_after
        from trustcart.backtest_call_plan(v_from, v_to, v_overrides) as b
        where b.scope in ('total', 'customer', 'reason', 'drop', 'day');
        select jsonb_agg(to_jsonb(b)) into v_before
        from trustcart.backtest_call_plan(v_from, v_to) as b
        where b.scope in ('total', 'customer', 'reason', 'drop', 'day');
    end if;
    return jsonb_build_object(
        'from', v_from,
        'to', v_to,
        'days', p_days,
        'changes', v_changes,
        'not_simulated', v_not_simulated,
        'rows', coalesce(
            (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'scope', coalesce(b.scope, a.scope),
                            'key', coalesce(b.key, a.key),
                            'calls_before', coalesce(b.calls, 0),
                            'calls_after', coalesce(a.calls, 0),
                            'customers_before', coalesce(b.customers, 0),
                            'customers_after', coalesce(a.customers, 0),
                            'dropped_before', coalesce(b.dropped, 0),
                            'dropped_after', coalesce(a.dropped, 0),
                            'capacity', coalesce(a.capacity, b.capacity)
                        )
                        order by
                            array_position(array['total', 'customer', 'day', 'reason', 'drop'], coalesce(b.scope, a.scope)),
                            coalesce(b.key, a.key)
                    )
                from jsonb_to_recordset(v_before)
                    as b (scope text, key text, calls bigint, customers bigint, dropped bigint, capacity bigint)
                full join jsonb_to_recordset(v_after)
                    as a (scope text, key text, calls bigint, customers bigint, dropped bigint, capacity bigint)
                    on b.scope = a.scope and b.key = a.key
            ),
            '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_backtest(text, jsonb, integer) is
'What a change would have made of the last p_days (1 to 28) call lists, by backtest_call_plan() with it and without. Of
a type of call, p_changes as change_call_task_type() takes them, else of the settings, as change_call_settings() does;
what is as it is now is none. Returns {"from", "to", "days", "changes", "not_simulated": [columns that a replay does not
know], "rows": [{"scope", "key", "calls_before", "calls_after", "customers_…", "dropped_…", "capacity"}]}, no rows
without a change. Writes nothing that stays. Managers alone. TC002, TC003, TC004, TC005 as those functions, TC203 for a
type that is not planned.';

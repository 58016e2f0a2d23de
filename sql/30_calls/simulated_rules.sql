-- requires: overridden_rows

create or replace function trustcart_private.simulated_rules(
    p_overrides jsonb,
    out p_settings trustcart.settings,
    out p_types trustcart.call_task_types[]
)
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_overrides jsonb := coalesce(p_overrides, '{}');
    v_section text;
    v_settings jsonb;
    v_types jsonb;
begin
    for v_section in
        select k.key
        from jsonb_object_keys(case when jsonb_typeof(v_overrides) = 'object' then v_overrides else '{}' end) as k (key)
        where k.key not in ('settings', 'call_task_types')
        order by k.key
    loop
        raise exception using
            errcode = 'TC002',
            message = format('there are no overrides of %s', v_section),
            hint = 'What can be overridden is "settings" and "call_task_types".';
    end loop;
    if jsonb_typeof(v_overrides) <> 'object'
        or jsonb_typeof(v_overrides -> 'settings') <> 'object'
        or jsonb_typeof(v_overrides -> 'call_task_types') <> 'object' then
        raise exception using
            errcode = 'TC005',
            message = 'overrides, and "settings" and "call_task_types" in them, are objects',
            hint = 'For example {"settings": {"calls_per_agent_day": 50}, "call_task_types": {"at_risk": {"max_calls": 3}}}';
    end if;

    -- Only what a simulated day depends on: anything else would be taken without a word and change nothing.
    v_settings := trustcart_private.overridden_rows(
        'trustcart.settings',
        (select jsonb_build_object('settings', to_jsonb(s)) from trustcart.settings as s),
        v_overrides - 'call_task_types',
        array[
            'vip_order_count', 'vip_spend', 'inactive_from_days', 'at_risk_from_days', 'churned_after_days',
            'contacts_per_week', 'quiet_from', 'quiet_until', 'calls_per_agent_day', 'call_order', 'call_holdout_share'
        ]
    );
    for v_section in
        select t.task_type
        from trustcart.call_task_types as t
        where not t.is_generated and v_overrides -> 'call_task_types' ? t.task_type
    loop
        raise exception using
            errcode = 'TC203',
            message = format('calls of type %s are not planned', v_section),
            hint = 'They are created by hand: there is no rule to simulate.';
    end loop;
    v_types := trustcart_private.overridden_rows(
        'trustcart.call_task_types',
        (select jsonb_object_agg(t.task_type, to_jsonb(t)) from trustcart.call_task_types as t),
        coalesce(v_overrides -> 'call_task_types', '{}'),
        array[
            'rank', 'is_enabled', 'base_priority', 'window_days', 'max_calls', 'max_calls_vip', 'min_gap_days',
            'win_back_max_calls', 'win_back_gap_days', 'can_wait', 'required_skill'
        ]
    );
    p_settings := jsonb_populate_record(null::trustcart.settings, v_settings -> 'settings');
    p_types := array(
        select jsonb_populate_record(null::trustcart.call_task_types, t.value) as task_type
        from jsonb_each(v_types) as t (key, value)
        order by (t.value ->> 'rank')::smallint
    );
end;
$$;
comment on function trustcart_private.simulated_rules(jsonb) is
'The rules of a simulation: the settings and task types with the overrides of backtest_call_plan(), judged by the types
and constraints of their tables. Nothing is written. TC002 for what is not known, TC005 for what the plan of a simulated
day does not depend on and for values that the tables refuse, TC203 for types that are not planned.';

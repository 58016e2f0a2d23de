-- requires: checked_changes, refuse_by_constraint

create or replace function trustcart_api.change_call_task_type(p_task_type text, p_changes jsonb)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type trustcart.call_task_types;
    v_constraint text;
    v_column text;
begin
    if nullif(btrim(p_task_type), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'taskType is required',
            hint = 'Name a type of trustcart.call_task_types.';
    end if;
    select t.* into v_type
    from trustcart.call_task_types as t
    where t.task_type = lower(btrim(p_task_type))
    for no key update;
    if v_type.task_type is null then
        raise exception using
            errcode = 'TC004',
            message = format('there is no type of call %L', left(p_task_type, 100)),
            hint = 'Take one of trustcart.call_task_types.';
    end if;
    v_type := jsonb_populate_record(
        v_type,
        trustcart_private.checked_changes(
            'trustcart.call_task_types',
            p_changes,
            array[
                'is_enabled', 'base_priority', 'window_days', 'max_calls', 'max_calls_vip', 'min_gap_days',
                'win_back_max_calls', 'win_back_gap_days', 'can_wait', 'carry_days', 'required_skill', 'description'
            ]
        )
    );
    begin
        update trustcart.call_task_types as t
        set
            is_enabled = v_type.is_enabled,
            base_priority = v_type.base_priority,
            window_days = v_type.window_days,
            max_calls = v_type.max_calls,
            max_calls_vip = v_type.max_calls_vip,
            min_gap_days = v_type.min_gap_days,
            win_back_max_calls = v_type.win_back_max_calls,
            win_back_gap_days = v_type.win_back_gap_days,
            can_wait = v_type.can_wait,
            carry_days = v_type.carry_days,
            required_skill = v_type.required_skill,
            description = v_type.description
        where t.task_type = v_type.task_type;
    exception when check_violation or not_null_violation then
        get stacked diagnostics v_constraint = constraint_name, v_column = column_name;
        perform trustcart_private.refuse_by_constraint(v_constraint, v_column);
    end;
    return to_jsonb(v_type);
end;
$$;
comment on function trustcart_api.change_call_task_type(text, jsonb) is
'Changes how calls of a type are planned and returns the row. p_changes: {"isEnabled", "basePriority", "windowDays",
"maxCalls", "maxCallsVip", "minGapDays", "winBackMaxCalls", "winBackGapDays", "canWait", "carryDays", "requiredSkill",
"description"}, those given; empty: no such limit. The next plan follows it, a list already written stays. Managers
alone. TC002 for another name, TC003 without taskType or changes, TC004 for an unknown type, TC005 for values that are
none or that the table refuses.';

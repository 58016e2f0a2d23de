-- requires: checked_changes, refuse_by_constraint, call_settings

create or replace function trustcart_api.change_call_settings(p_changes jsonb)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_settings trustcart.settings;
    v_changes jsonb;
    v_constraint text;
    v_column text;
begin
    v_changes := trustcart_private.checked_changes(
        'trustcart.settings',
        p_changes,
        array[
            'contacts_per_week', 'quiet_from', 'quiet_until', 'calls_per_agent_day', 'working_days', 'claim_timeout',
            'undo_within', 'call_order', 'call_holdout_share'
        ]
    );
    select s.* into v_settings from trustcart.settings as s for no key update;
    v_settings := jsonb_populate_record(v_settings, v_changes);
    begin
        update trustcart.settings as s
        set
            contacts_per_week = v_settings.contacts_per_week,
            quiet_from = v_settings.quiet_from,
            quiet_until = v_settings.quiet_until,
            calls_per_agent_day = v_settings.calls_per_agent_day,
            working_days = v_settings.working_days,
            claim_timeout = v_settings.claim_timeout,
            undo_within = v_settings.undo_within,
            call_order = v_settings.call_order,
            call_holdout_share = v_settings.call_holdout_share;
    exception when check_violation or not_null_violation then
        get stacked diagnostics v_constraint = constraint_name, v_column = column_name;
        perform trustcart_private.refuse_by_constraint(v_constraint, v_column);
    end;
    return trustcart_private.call_settings();
end;
$$;
comment on function trustcart_api.change_call_settings(jsonb) is
'Changes the settings that calls depend on and returns them as page_automation_settings() has them. p_changes:
{"contactsPerWeek", "quietFrom", "quietUntil", "callsPerAgentDay", "workingDays", "claimTimeoutMinutes",
"undoWithinMinutes", "callOrder", "callHoldoutShare"}, those given. The next plan follows it, a list already written
stays. Managers alone. TC002 for another name, TC003 without changes, TC005 for values that are none or that the table refuses.';

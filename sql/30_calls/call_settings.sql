create or replace function trustcart_private.call_settings()
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select
            jsonb_build_object(
                'contacts_per_week', s.contacts_per_week,
                'quiet_from', to_char(s.quiet_from, 'HH24:MI'),
                'quiet_until', to_char(s.quiet_until, 'HH24:MI'),
                'calls_per_agent_day', s.calls_per_agent_day,
                'working_days', to_jsonb(s.working_days),
                'claim_timeout_minutes', round(extract(epoch from s.claim_timeout) / 60),
                'undo_within_minutes', round(extract(epoch from s.undo_within) / 60),
                'call_order', s.call_order,
                'call_holdout_share', s.call_holdout_share
            )
        from trustcart.settings as s
    );
end;
$$;
comment on function trustcart_private.call_settings() is
'The settings that calls depend on, as an object: contacts_per_week, quiet_from and quiet_until (HH:MI, or null),
calls_per_agent_day, working_days (1 Monday to 7 Sunday), claim_timeout_minutes, undo_within_minutes, call_order (value
or bands), call_holdout_share (0 to 0.5).';

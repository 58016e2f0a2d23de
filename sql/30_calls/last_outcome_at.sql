create or replace function trustcart.last_outcome_at(
    p_status text, p_closed_at timestamptz, p_before_outcome jsonb
)
returns timestamptz
language sql stable parallel safe
security invoker
-- Inlined: lists ask it of every call.
return case
    when p_before_outcome is null then null
    when p_status in ('completed', 'skipped') then p_closed_at
    else (p_before_outcome ->> 'attempted_at')::timestamptz
end;

comment on function trustcart.last_outcome_at(text, timestamptz, jsonb) is
'When the outcome came that undo_call_outcome() would take back, for settings.undo_within from then; null when there is
none. Arguments: status, closed_at and before_outcome of crm_call_tasks.';

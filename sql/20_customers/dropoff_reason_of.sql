create or replace function trustcart_private.dropoff_reason_of(p_risk_level text, p_settings trustcart.settings)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select 'no order for more than ' || case p_risk_level
    when 'critical' then (p_settings).dropoff_critical_after_days
    when 'high' then (p_settings).dropoff_high_after_days
    when 'medium' then (p_settings).dropoff_medium_after_days
    when 'low' then (p_settings).dropoff_low_after_days
end || ' days' as dropoff_reason;
end;

comment on function trustcart_private.dropoff_reason_of(text, trustcart.settings) is
'The threshold behind a dropoff level, in words; null without a level.';

create or replace function trustcart_private.dropoff_threshold_of(p_days integer, p_settings trustcart.settings)
returns integer
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_days > (p_settings).dropoff_critical_after_days then (p_settings).dropoff_critical_after_days
    when p_days > (p_settings).dropoff_high_after_days then (p_settings).dropoff_high_after_days
    when p_days > (p_settings).dropoff_medium_after_days then (p_settings).dropoff_medium_after_days
    when p_days > (p_settings).dropoff_low_after_days then (p_settings).dropoff_low_after_days
end as dropoff_threshold;
end;

comment on function trustcart_private.dropoff_threshold_of(integer, trustcart.settings) is
'The days after which the dropoff level that risk_level_of() gives for p_days begins; null while there is none.';

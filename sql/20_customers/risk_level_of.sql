create or replace function trustcart_private.risk_level_of(p_days integer, p_settings trustcart.settings)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_days > (p_settings).dropoff_critical_after_days then 'critical'
    when p_days > (p_settings).dropoff_high_after_days then 'high'
    when p_days > (p_settings).dropoff_medium_after_days then 'medium'
    when p_days > (p_settings).dropoff_low_after_days then 'low'
end as risk_level;
end;

comment on function trustcart_private.risk_level_of(integer, trustcart.settings) is
'Dropoff risk from the days since the last counted order; null while there is none.';

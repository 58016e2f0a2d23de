create or replace function trustcart_private.dropoff_levels(p_settings trustcart.settings)
returns table (risk_level text, after_days integer)
language sql immutable parallel safe
security invoker
begin atomic
select
    l.risk_level,
    l.after_days
from (
    values
    ('low', (p_settings).dropoff_low_after_days),
    ('medium', (p_settings).dropoff_medium_after_days),
    ('high', (p_settings).dropoff_high_after_days),
    ('critical', (p_settings).dropoff_critical_after_days)
) as l (risk_level, after_days);
end;

comment on function trustcart_private.dropoff_levels(trustcart.settings) is
'The levels of dropoff risk and the days without an order after which each begins.';

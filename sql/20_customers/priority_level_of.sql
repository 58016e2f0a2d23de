create or replace function trustcart_private.priority_level_of(p_days integer, p_settings trustcart.settings)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_days <= (p_settings).hot_within_days then 'hot'
    when p_days <= (p_settings).warm_within_days then 'warm'
    else 'cold'
end as priority_level;
end;

comment on function trustcart_private.priority_level_of(integer, trustcart.settings) is
'Temperature from the days since the last counted order; cold without one.';

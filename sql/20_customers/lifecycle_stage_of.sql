create or replace function trustcart_private.lifecycle_stage_of(
    p_order_count integer, p_days integer, p_settings trustcart.settings
)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_order_count = 0 then 'prospect'
    when p_days > (p_settings).churned_after_days then 'churned'
    when p_days >= (p_settings).at_risk_from_days then 'at_risk'
    when p_order_count = 1 then 'new'
    else 'active'
end as lifecycle_stage;
end;

comment on function trustcart_private.lifecycle_stage_of(integer, integer, trustcart.settings) is
'lifecycle_stage from counted orders and the days since the last.';

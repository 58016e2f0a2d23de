create or replace function trustcart_private.customer_type_of(
    p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings
)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_order_count = 0 then null
    when p_days >= (p_settings).inactive_from_days then 'inactive'
    when p_order_count >= (p_settings).vip_order_count or p_total_spend >= (p_settings).vip_spend then 'vip'
    when p_order_count >= 2 then 'repeat'
    else 'new'
end as customer_type;
end;

comment on function trustcart_private.customer_type_of(integer, numeric, integer, trustcart.settings) is
'customer_type from counted orders, their sum and the days since the last; null without an order.';

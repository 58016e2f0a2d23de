create or replace function trustcart_private.avg_order_value_of(p_order_count integer, p_total_spend numeric)
returns numeric
language sql immutable parallel safe
security invoker
begin atomic
select case when p_order_count > 0 then round(p_total_spend / p_order_count, 2) end as avg_order_value;
end;

comment on function trustcart_private.avg_order_value_of(integer, numeric) is
'Mean amount of a counted order, in taka; null without an order.';

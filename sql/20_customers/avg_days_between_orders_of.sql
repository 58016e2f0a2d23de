create or replace function trustcart_private.avg_days_between_orders_of(
    p_order_count integer, p_first_order_date date, p_last_order_date date
)
returns integer
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_order_count > 1 then round((p_last_order_date - p_first_order_date)::numeric / (p_order_count - 1))::integer
end as avg_days_between_orders;
end;

comment on function trustcart_private.avg_days_between_orders_of(integer, date, date) is
'Mean days between consecutive counted orders; null below two orders.';

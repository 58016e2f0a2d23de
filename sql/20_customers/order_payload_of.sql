create or replace function trustcart_private.order_payload_of(
    p_order_id bigint, p_order_date date, p_total_amount numeric, p_status text
)
returns jsonb
language sql stable parallel safe
security invoker
return jsonb_build_object(
    'order_id', p_order_id, 'order_date', p_order_date, 'total_amount', p_total_amount, 'status', p_status
);

comment on function trustcart_private.order_payload_of(bigint, date, numeric, text) is
'What the event feed tells of an order: id, date, amount in taka, status.';

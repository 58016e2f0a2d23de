create or replace function trustcart_private.order_fingerprint(
    p_customer_id bigint,
    p_order_date date,
    p_ordered_at timestamptz,
    p_total_amount numeric,
    p_status text,
    p_payment_method text,
    p_notes text
)
returns uuid
language sql immutable parallel safe
security invoker
-- What is hashed, and how it is written, must never change: it names the orders imported so far.
begin atomic
select md5(
    p_customer_id::text
    || '|' || (p_order_date - '2000-01-01'::date)::text
    || '|' || coalesce(extract(epoch from p_ordered_at at time zone 'UTC')::text, '')
    || '|' || round(p_total_amount, 2)::text
    || '|' || p_status
    || '|' || coalesce(p_payment_method, '')
    || '|' || coalesce(p_notes, '')
)::uuid as order_fingerprint;
end;

comment on function trustcart_private.order_fingerprint(bigint, date, timestamptz, numeric, text, text, text) is
'A hash of what an order says: import makes the number of an order that has none from it, so that the same row of a file
gets the same number however often, and in whatever order of columns, it is imported.';

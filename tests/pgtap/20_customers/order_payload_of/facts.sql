-- What the feed tells of an order: facts, nothing personal.
begin;
select plan(1);
select is(
    trustcart_private.order_payload_of(7, date '2026-03-01', 1500.50, 'pending'),
    '{"order_id": 7, "order_date": "2026-03-01", "total_amount": 1500.50, "status": "pending"}', 'id, date, amount, status'
);
select * from finish();
rollback;

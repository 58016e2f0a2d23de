begin;
select plan(2);
select trustcart_private.emit_event('stock_counted', null, '{"product_id": 7}'), trustcart_private.emit_event('sale', 3);
select results_eq(
    $$ select e.event_type, e.customer_id, e.payload from trustcart.events as e order by e.id $$,
    $$ values ('stock_counted', null::bigint, '{"product_id": 7}'::jsonb), ('sale', 3, '{}') $$,
    'an event, with or without customer and payload'
);
select is(
    (select count(*) from trustcart.events as e where e.xid = pg_current_xact_id() and e.occurred_at = now()), 2::bigint,
    'of the present transaction'
);
select * from finish();
rollback;

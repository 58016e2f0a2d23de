-- What write_cursor() wrote is read again, by the order it was written for; nothing else is.
begin;
select plan(20);

select results_eq(
    $$select r.is_given, r.amount, r.day, r.customer_id from trustcart_private.read_cursor(
        trustcart_private.write_cursor('15000.5', 42), 'lifetime_value') as r$$,
    $$values (true, 15000.5, null::date, 42::bigint)$$, 'an amount'
);
select results_eq(
    $$select r.is_given, r.amount, r.day, r.customer_id from trustcart_private.read_cursor(
        trustcart_private.write_cursor('2026-01-31', 42), 'last_order_date') as r$$,
    $$values (true, null::numeric, date '2026-01-31', 42::bigint)$$, 'a day'
);
select results_eq(
    $$select r.is_given, r.amount, r.day, r.customer_id from trustcart_private.read_cursor(
        trustcart_private.write_cursor(null, 42), 'last_order_date') as r$$,
    $$values (true, null::numeric, null::date, 42::bigint)$$, 'no day'
);
select is((select r.is_given from trustcart_private.read_cursor(null, 'lifetime_value') as r), false, 'none');
select throws_ok(
    format('select * from trustcart_private.read_cursor(%L, %L)', w.cursor, w.sort), 'TC005', null,
    format('%s by %s', w.cursor, w.sort)
)
from (
    values
    ('', 'lifetime_value'), ('_', 'lifetime_value'), ('_42', 'lifetime_value'), ('x_42', 'lifetime_value'),
    ('1.234_42', 'lifetime_value'), ('-1_42', 'lifetime_value'), ('15000_', 'lifetime_value'),
    ('15000_42 ', 'lifetime_value'), ('15000_1234567890123456789', 'lifetime_value'),
    ('2026-01-31_42', 'lifetime_value'), ('1234567890123_42', 'lifetime_value'),
    ('15000_42', 'last_order_date'), ('2026-02-30_42', 'last_order_date'), ('2026-01-31', 'last_active_date'),
    ('2026-1-31_42', 'last_order_date'), (e'2026-01-31_42\n', 'last_order_date')
) as w (cursor, sort);

select * from finish();
rollback;

-- The latest consent to calls before the instant decides; other channels do not.
begin;
select plan(10);

insert into trustcart.customers (id) select n from generate_series(1, 7) as g (n);
insert into trustcart.customer_consents (id, customer_id, channel, granted, recorded_at)
values
-- 1 refused; 2 refused and then allowed; 3 allowed and then refused, entered the other way round
(901, 1, 'call', false, '2025-06-01 10:00+06'),
(902, 2, 'call', false, '2025-06-01 10:00+06'), (903, 2, 'call', true, '2025-06-03 10:00+06'),
(904, 3, 'call', false, '2025-06-03 10:00+06'), (905, 3, 'call', true, '2025-06-01 10:00+06'),
-- 4 forbade messages only; 5 allowed; 6 both at one instant: the later row
(906, 4, 'sms', false, '2025-06-01 10:00+06'), (907, 5, 'call', true, '2025-06-01 10:00+06'),
(908, 6, 'call', true, '2025-06-01 10:00+06'), (909, 6, 'call', false, '2025-06-01 10:00+06');
prepare refusals as
select customer_id from trustcart_private.call_refusals($1) order by customer_id;

select results_eq(
    $$ execute refusals('2025-06-10 00:00+06') $$, 'values (1::bigint), (3), (6)', 'when all is known'
);
select results_eq(
    $$ execute refusals('2025-06-02 00:00+06') $$, 'values (1::bigint), (2), (6)', 'before some changed their mind'
);
select is_empty($$ execute refusals('2025-06-01 10:00+06') $$, 'strictly before');
select results_eq(
    $$ execute refusals('2025-06-01 10:00:00.000001+06') $$, 'values (1::bigint), (2), (6)', 'and right after'
);
select results_eq(
    $$ select refused_at from trustcart_private.call_refusals('2025-06-10 00:00+06') where customer_id = 3 $$,
    $$ values (timestamptz '2025-06-03 10:00+06') $$, 'since when'
);
select results_eq(
    $$ select customer_id, refused_at from trustcart_private.call_refusals('2025-06-10 00:00+06', 3) $$,
    $$ values (3::bigint, timestamptz '2025-06-03 10:00+06') $$, 'of one customer'
);
select is_empty($$ select * from trustcart_private.call_refusals('2025-06-10 00:00+06', 2) $$, 'of one who allowed it');
select is_empty($$ select * from trustcart_private.call_refusals('2025-06-10 00:00+06', 4) $$, 'of one who forbade other');
select is_empty($$ select * from trustcart_private.call_refusals('2025-06-10 00:00+06', 7) $$, 'of one who said nothing');
select set_eq(
    $$
    select c.id, r.refused_at
    from trustcart.customers as c
    cross join lateral trustcart_private.call_refusals('2025-06-02 12:00+06', c.id) as r
    $$,
    $$ select customer_id, refused_at from trustcart_private.call_refusals('2025-06-02 12:00+06') $$,
    'one by one they are the same as all'
);

select * from finish();
rollback;

-- Customers who have numbers, all of them flagged at the instant.
begin;
select plan(10);

insert into trustcart.customers (id, phone, mobile)
values
(1, '01711111111', '01722222222'), (2, '01711111111', '01722222222'), (3, null, null), (4, 'ext. 12', ''),
(5, '01711111111', '+8801711111111'), (6, '01711111111', null), (7, null, null);
insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at, cleared_at)
values
(1, '+8801711111111', '2025-06-01', null), (1, '+8801722222222', '2025-06-03', null),
(2, '+8801722222222', '2025-06-01', null), (4, 'ext. 12', '2025-06-01', null),
(5, '+8801711111111', '2025-06-01', null), (6, '+8801711111111', '2025-06-01', '2025-06-05'),
-- 7 had this number once
(7, '+8801711111111', '2025-06-01', null);
prepare unreachable as select customer_id from trustcart_private.unreachable_customers($1) order by customer_id;

select results_eq(
    $$ execute unreachable('2025-06-10') $$, 'values (1::bigint), (4), (5)',
    'all numbers flagged; not one of two, not a cleared one, not where there is no number'
);
select results_eq(
    $$ execute unreachable('2025-06-02') $$, 'values (4::bigint), (5), (6)', 'at an earlier instant, the flags of then'
);
select is_empty($$ execute unreachable('2025-06-01') $$, 'strictly before');
select results_eq($$ execute unreachable('2025-06-05') $$, 'values (1::bigint), (4), (5), (6)', 'cleared at that instant');
select results_eq(
    $$ select flagged_at from trustcart_private.unreachable_customers('2025-06-10') where customer_id = 1 $$,
    $$ values (timestamptz '2025-06-03') $$, 'since the last of the numbers was flagged'
);
select results_eq(
    $$ select customer_id from trustcart_private.unreachable_customers('2025-06-10', 1) $$, 'values (1::bigint)',
    'of one customer'
);
select is_empty($$ select * from trustcart_private.unreachable_customers('2025-06-10', 2) $$, 'of one who can be called');
select set_eq(
    $$
    select u.* from trustcart.customers as c
    cross join lateral trustcart_private.unreachable_customers('2025-06-04', c.id) as u
    $$,
    $$ select * from trustcart_private.unreachable_customers('2025-06-04') $$, 'one by one they are the same as all'
);
select set_eq(
    $$ select c.id from trustcart.customers as c where trustcart_private.number_to_dial(c.id) is null $$,
    $$ select customer_id from trustcart_private.unreachable_customers(now() + interval '1 day')
    union all values (3::bigint), (7) $$,
    'it agrees with number_to_dial(), but for those without numbers'
);
update trustcart.customers set mobile = '01799999999' where id = 4;
select results_eq($$ execute unreachable('2025-06-10') $$, 'values (1::bigint), (5)', 'a new number is free');

select * from finish();
rollback;

begin;
select plan(13);

insert into trustcart.customers (id, phone, mobile)
values (1, '01711-111111', '01722222222'), (2, null, null), (3, ' ext. 12 ', null), (4, '01711-111111', null);
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (801, 1, '2025-06-01'), (802, 4, '2025-06-01');

select is(trustcart.flag_wrong_number(1, 801, '2025-06-01 10:00+06'), '01711-111111', 'the number that was dialled');
select results_eq(
    'select phone, flag, flagged_at, task_id, cleared_at from trustcart.customer_phone_flags',
    $$ values (
        '+8801711111111', 'wrong_number', timestamptz '2025-06-01 10:00+06', 801::bigint, null::timestamptz
    ) $$,
    'flagged as E.164, since when, and by which call'
);
select is(trustcart.flag_wrong_number(1), '01722222222', 'then the other');
select is(trustcart.flag_wrong_number(1), null, 'then none is left');
select is((select count(*) from trustcart.customer_phone_flags), 2::bigint, 'and nothing more is flagged');
select is(trustcart.flag_wrong_number(2), null, 'of a customer without a number');
select is(trustcart.flag_wrong_number(3), 'ext. 12', 'one that cannot be read as a number, as typed');
select is(trustcart_private.number_to_dial(3), null, 'is not dialled again');
select is(trustcart_private.number_to_dial(4), '01711-111111', 'another customer''s same number is');
update trustcart.customers set phone = '01733333333' where id = 1;
select is(trustcart.flag_wrong_number(1), '01733333333', 'a new number is free');

select throws_ok('select trustcart.flag_wrong_number(null)', 'TC003', 'customer_id is required', 'no customer');
select throws_ok('select trustcart.flag_wrong_number(4, 9)', 'TC004', 'there is no call task 9', 'unknown task');
select throws_ok(
    'select trustcart.flag_wrong_number(4, 801)', 'TC005', 'call task 801 is not of customer 4',
    'a task of another customer'
);

select * from finish();
rollback;

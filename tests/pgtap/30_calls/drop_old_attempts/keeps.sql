-- attempts_keep_months whole months before the present one stay; without that setting all.
begin;
select plan(9);
insert into trustcart.customers (id, first_name) values (1, 'A'), (2, 'B');
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values
(1, '2020-01-05 12:00+00', 'no_answer'), (2, '2020-01-06 12:00+00', 'no_answer'), (1, '2020-01-05 13:00+00', 'busy'),
(1, '2020-03-05 12:00+00', 'no_answer');
select trustcart.ensure_attempt_partitions('2020-01-31');
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values
(2, '2019-12-31 12:00+00', 'of a month without a partition');

select is(
    trustcart.drop_old_attempts('2021-06-30') - 'as_of',
    '{"kept_from": null, "deleted": 0, "partitions": [], "is_complete": true}'::jsonb, 'as it comes all are kept'
);
update trustcart.settings set attempts_keep_months = 13;
select is(trustcart.drop_old_attempts('2021-01-31') ->> 'deleted', '0', 'December is 13 months before, and stays');
select is(
    trustcart.drop_old_attempts('2021-04-01', 3) - 'as_of',
    '{"kept_from": "2020-03-01", "deleted": 3, "partitions": [], "is_complete": false}'::jsonb, 'so many a call'
);
select is(
    trustcart.drop_old_attempts('2021-04-01', 3) - 'as_of',
    '{"kept_from": "2020-03-01", "deleted": 1, "partitions": ["crm_call_attempts_202001", "crm_call_attempts_202002"],
    "is_complete": true}'::jsonb,
    'then the months that are over'
);
select results_eq(
    'select a.attempted_at from trustcart.crm_call_attempts as a', array['2020-03-05 12:00+00'::timestamptz],
    'what is younger stays'
);
select is_empty('select * from trustcart_private.contact_differences()', 'and is what the contacts count');
select throws_ok(
    'update trustcart.settings set attempts_keep_months = 12', '23514', null, 'a year and a month are kept at least'
);
select is(
    trustcart.drop_old_attempts('2199-01-01') ->> 'as_of', trustcart.business_date()::text, 'no later than today'
);
select throws_ok($$ select trustcart.drop_old_attempts('infinity') $$, 'TC001', null, 'no date');
select * from finish();
rollback;

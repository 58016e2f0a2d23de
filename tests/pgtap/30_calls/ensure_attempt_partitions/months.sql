-- Partitions of the present month and the two that follow; attempts of before there were any stay, those of months that
-- were missed move and are what they were: counted once, with their indexes and foreign keys.
begin;
select plan(12);
insert into trustcart.users (id, name) values (1, 'Agent');
insert into trustcart.customers (id, first_name) values (1, 'A'), (2, 'B');
insert into trustcart.crm_call_attempts (customer_id, agent_id, attempted_at, outcome) values
(1, 1, '2031-10-05 12:00+00', 'no_answer'), (2, 1, '2031-11-30 23:59:59.999+00', 'successful - ordered'),
(1, 1, '2031-12-01 00:00+00', 'no_answer'), (2, 1, '2032-02-29 12:00+00', 'no_answer');
create temporary table before as select a.* from trustcart.crm_call_attempts as a;

select is(
    trustcart.ensure_attempt_partitions('2031-12-31') - 'as_of',
    '{"partitions": ["crm_call_attempts_203112", "crm_call_attempts_203201", "crm_call_attempts_203202"], "moved": 2,
    "is_complete": true}'::jsonb,
    'three months, across the end of the year'
);
select is(
    trustcart.ensure_attempt_partitions('2031-12-31') - 'as_of',
    '{"partitions": [], "moved": 0, "is_complete": true}'::jsonb, 'a second time there is nothing to do'
);
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values
(1, '2032-03-01 00:00+00', 'missed'), (1, '2032-04-01 00:00+00', 'missed');
insert into before select a.* from trustcart.crm_call_attempts as a where a.outcome = 'missed';
select is(
    trustcart.ensure_attempt_partitions('2032-05-01') - 'as_of',
    '{"partitions": ["crm_call_attempts_203203", "crm_call_attempts_203205", "crm_call_attempts_203206",
    "crm_call_attempts_203207"], "moved": 1, "is_complete": false}'::jsonb,
    'weeks without the job are made up for, a month a call'
);
select trustcart.ensure_attempt_partitions('2032-05-01');
select set_eq(
    'select a.attempted_at from trustcart.crm_call_attempts_default as a',
    array['2031-10-05 12:00+00', '2031-11-30 23:59:59.999+00']::timestamptz[],
    'what was there before stays in the default partition'
);
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
select 2, '2032-08-01 00:00+00', 'many' from generate_series(1, 20001);
select is(
    trustcart.ensure_attempt_partitions('2032-08-10') - 'as_of',
    '{"partitions": ["crm_call_attempts_203209", "crm_call_attempts_203210"], "moved": 0, "is_complete": true}'::jsonb,
    'nobody waits for many to move: they do when the month is over'
);
insert into before select a.* from trustcart.crm_call_attempts as a where a.outcome = 'many';
select set_eq(
    'select a.* from trustcart.crm_call_attempts as a', 'select b.* from before as b', 'each row is what it was'
);
select is_empty('select * from trustcart_private.contact_differences()', 'and counted once');
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values (1, '2032-01-15 00:00+00', 'busy');
select is(
    (select a.tableoid::regclass::text from trustcart.crm_call_attempts as a where a.outcome = 'busy'),
    'crm_call_attempts_203201', 'new ones go there at once'
);
select throws_ok(
    $$ insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values (77, '2032-01-15', 'busy') $$,
    '23503', null, 'whom nobody knows nobody called'
);
select throws_ok(
    $$ insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome) values (1, '2032-01-15', ' ') $$,
    '23514', null, 'and something came of it'
);
select is(
    (
        select count(*)
        from pg_index as i
        where i.indrelid = 'trustcart.crm_call_attempts_203201'::regclass
    ),
    (select count(*) from pg_index as i where i.indrelid = 'trustcart.crm_call_attempts'::regclass),
    'with all indexes'
);
select throws_ok('select trustcart.ensure_attempt_partitions(null)', 'TC001', null, 'no date');
select * from finish();
rollback;

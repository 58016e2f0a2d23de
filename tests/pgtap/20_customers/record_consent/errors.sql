begin;
select plan(9);
insert into trustcart.customers (id) values (1);
select throws_ok(
    $$ select trustcart.record_consent(null, 'call', true) $$, 'TC003', 'customer_id is required', 'no customer'
);
select throws_ok(
    $$ select trustcart.record_consent(99, 'call', true) $$, 'TC004', 'there is no customer 99', 'unknown customer'
);
select throws_ok($$ select trustcart.record_consent(1, null, true) $$, 'TC003', 'channel is required', 'no channel');
select throws_ok($$ select trustcart.record_consent(1, ' ', true) $$, 'TC003', 'channel is required', 'a blank one');
select throws_ok($$ select trustcart.record_consent(1, 'call', null) $$, 'TC003', 'granted is required', 'neither');
select throws_ok(
    $$ select trustcart.record_consent(1, 'fax', true) $$, 'TC002', $$'fax' is not a channel$$, 'unknown channel'
);
select throws_ok(
    $$ select trustcart.record_consent(1, 'call', true, p_recorded_by => 99) $$, 'TC004', 'there is no user 99',
    'unknown user'
);
select throws_like(
    $$ select trustcart.record_consent(1, 'call', true, p_recorded_at => clock_timestamp() + interval '1 minute') $$,
    'recorded_at % is in the future', 'a consent of tomorrow'
);
select throws_ok(
    $$ select trustcart.record_consent(1, 'call', true, p_recorded_at => '-infinity') $$, 'TC005', null, 'or of ever'
);
select * from finish();
rollback;

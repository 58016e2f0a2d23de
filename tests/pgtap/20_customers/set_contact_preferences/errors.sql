begin;
select plan(12);
insert into trustcart.customers (id) values (1);
select throws_ok(
    $$ select trustcart.set_contact_preferences(null, '10:00', '12:00') $$, 'TC003', 'customer_id is required',
    'no customer'
);
select throws_ok(
    $$ select trustcart.set_contact_preferences(9, '10:00', '12:00') $$, 'TC004', 'there is no customer 9',
    'unknown customer'
);
select throws_ok('select trustcart.set_contact_preferences(1, null, null)', 'TC003', null, 'nothing given');
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, '10:00', null) $$, 'TC005', 'preferred_until is missing', 'half given'
);
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, null, '10:00') $$, 'TC005', 'preferred_from is missing',
    'the other half'
);
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, '10:00', '10:00') $$, 'TC005',
    'preferred_from 10:00:00 is not before preferred_until 10:00:00', 'no time at all'
);
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, '22:00', '06:00') $$, 'TC005', null, 'over night'
);
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, null, null, 'bangla') $$, 'TC005', $$'bangla' is not a language code$$,
    'a language by name'
);
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, null, null, 'b2') $$, 'TC005', null, 'no letters'
);
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, null, null, null, 'Asia/Nowhere') $$, 'TC002',
    $$'Asia/Nowhere' is not a time zone$$, 'unknown time zone'
);
select is_empty('select * from trustcart.customer_contact_preferences', 'and nothing was written');
select trustcart.set_contact_preferences(1, '10:00', '12:00');
select throws_ok(
    $$ select trustcart.set_contact_preferences(1, '11:00', null) $$, 'TC005', null, 'half given, where hours are known'
);
select * from finish();
rollback;

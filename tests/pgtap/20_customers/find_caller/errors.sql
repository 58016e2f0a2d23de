begin;
select plan(6);
select throws_ok($$ select * from trustcart.find_caller(null) $$, 'TC003', 'phone is required', 'no number');
select throws_ok($$ select * from trustcart.find_caller(' ') $$, 'TC003', 'phone is required', 'a blank one');
select throws_ok(
    $$ select * from trustcart.find_caller('anonymous') $$, 'TC005', $$'ano***us' cannot be read as a phone number$$,
    'no digits'
);
select throws_ok(
    $$ select * from trustcart.find_caller('017111') $$, 'TC005', $$'017***11' cannot be read as a phone number$$, 'too few'
);
select throws_ok(
    $$ select * from trustcart.find_caller('01711111111', 'infinity') $$, 'TC001', null, 'a date that is none'
);
select throws_ok($$ select * from trustcart.find_caller('01711111111', null) $$, 'TC001', null, 'no date');
select * from finish();
rollback;

begin;
select plan(4);
select throws_ok(
    $$ select trustcart.record_deliveries(1, '{1,2}', '{1}', '{accepted}', '{x}', '{x}', '{x}') $$, 'TC005', null,
    'lists of different length'
);
select throws_ok(
    $$ select trustcart.record_deliveries(1, '{1}', '{1}', '{accepted}', '{x}', '{x}', '{x}', '{1,2}') $$, 'TC005', null,
    'of the waits, too'
);
select throws_ok(
    $$ select trustcart.record_deliveries(1, '{1}', '{1}', '{perhaps}', '{x}', '{x}', '{x}') $$, 'TC002', null,
    'an unknown outcome'
);
select throws_ok(
    $$ select trustcart.record_deliveries(1, '{1}', '{1}', '{null}', '{x}', '{x}', '{x}') $$, 'TC002', null, 'none'
);
select * from finish();
rollback;

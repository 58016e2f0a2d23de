begin;
select plan(5);

select lives_ok($$select trustcart.check_period('2026-02-01', '2026-02-01')$$, 'a day is a period');
select throws_ok($$select trustcart.check_period('2026-02-02', '2026-02-01')$$, 'TC005', null, 'ends before it begins');
select throws_ok($$select trustcart.check_period(null, '2026-02-01')$$, 'TC001', null, 'without a beginning');
select throws_ok($$select trustcart.check_period('2026-02-01', null)$$, 'TC001', null, 'without an end');
select throws_ok($$select trustcart.check_period('2026-02-01', 'infinity')$$, 'TC001', null, 'for ever');

select * from finish();
rollback;

-- A date as an endpoint gets it: text, or nothing.
begin;
select plan(4);

select is(trustcart.to_business_date('2025-12-19'), '2025-12-19', 'a date');
select is(trustcart.to_business_date(' '), null, 'blank is none');
select is(trustcart.to_business_date(null), null, 'null is none');
select throws_ok($$select trustcart.to_business_date('2025-13-40')$$, 'TC001', null, 'no such date');

select * from finish();
rollback;

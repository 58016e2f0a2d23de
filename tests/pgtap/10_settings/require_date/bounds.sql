-- A business date lies in a shop's lifetime; null and the infinities do not.
begin;
select plan(8);

select is(trustcart_private.require_date('1997-04-15'), date '1997-04-15', 'a date is given back');
select is(trustcart_private.require_date('1900-01-01'), date '1900-01-01', 'the first');
select is(trustcart_private.require_date('2199-12-31'), date '2199-12-31', 'the last');
select throws_ok('select trustcart_private.require_date(''1899-12-31'')', 'TC001', null, 'before the first');
select throws_ok('select trustcart_private.require_date(''2200-01-01'')', 'TC001', null, 'after the last');
select throws_ok('select trustcart_private.require_date(''infinity'')', 'TC001', null, 'infinity');
select throws_ok('select trustcart_private.require_date(''-infinity'')', 'TC001', null, 'minus infinity');
select throws_ok('select trustcart_private.require_date(null)', 'TC001', null, 'null');

select * from finish();
rollback;

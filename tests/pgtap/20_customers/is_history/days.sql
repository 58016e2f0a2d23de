begin;
select plan(3);
select ok(trustcart_private.is_history('2025-11-18', '2025-12-19'), 'more than 30 days before');
select ok(not trustcart_private.is_history('2025-11-19', '2025-12-19'), '30 days before');
select ok(not trustcart_private.is_history('2025-12-20', '2025-12-19'), 'ahead');
select * from finish();
rollback;

-- null if n = 0; inactive if days >= 90; vip if n >= 6 or spend >= 50000; repeat if n is 2 to 5; new.
begin;
select plan(16);

select is(
    trustcart_private.customer_type_of(t.n, t.spend, t.days, s),
    t.expected,
    format('%s orders, %s taka, %s days', t.n, t.spend, coalesce(t.days::text, 'no'))
)
from (
    values
    (0, 0, null, null),
    (1, 100, 0, 'new'),
    (1, 100, 89, 'new'),
    (1, 100, 90, 'inactive'),
    (1, 49999.99, 0, 'new'),
    (1, 50000, 0, 'vip'),
    (2, 100, 0, 'repeat'),
    (5, 49999.99, 89, 'repeat'),
    (5, 50000, 89, 'vip'),
    (6, 0, 0, 'vip'),
    (6, 0, 89, 'vip'),
    (6, 0, 90, 'inactive'),
    (200, 1000000, 90, 'inactive'),
    (5, 100, 90, 'inactive')
) as t (n, spend, days, expected)
cross join trustcart.settings as s;

update trustcart.settings set vip_order_count = 3, inactive_from_days = 60;
select is(trustcart_private.customer_type_of(3, 0, 59, s), 'vip', 'the thresholds are those of the settings')
from trustcart.settings as s;
select is(trustcart_private.customer_type_of(3, 0, 60, s), 'inactive', 'each of them')
from trustcart.settings as s;

select * from finish();
rollback;

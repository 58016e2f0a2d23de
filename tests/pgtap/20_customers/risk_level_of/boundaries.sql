-- days 31-60 low, 61-90 medium, 91-120 high, 121+ critical.
begin;
select plan(11);

select is(
    trustcart_private.risk_level_of(t.days, s), t.expected, format('%s days', coalesce(t.days::text, 'no'))
)
from (
    values
    (null, null), (0, null), (30, null), (31, 'low'), (60, 'low'), (61, 'medium'), (90, 'medium'), (91, 'high'),
    (120, 'high'), (121, 'critical'), (5000, 'critical')
) as t (days, expected)
cross join trustcart.settings as s;

select * from finish();
rollback;

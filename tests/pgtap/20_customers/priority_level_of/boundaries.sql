-- hot if days <= 7; warm if days <= 30; else cold.
begin;
select plan(7);

select is(
    trustcart_private.priority_level_of(t.days, s), t.expected, format('%s days', coalesce(t.days::text, 'no'))
)
from (
    values (null, 'cold'), (0, 'hot'), (7, 'hot'), (8, 'warm'), (30, 'warm'), (31, 'cold'), (5000, 'cold')
) as t (days, expected)
cross join trustcart.settings as s;

select * from finish();
rollback;

-- prospect if n = 0; churned if days > 90; at_risk if days >= 60; new if n = 1; active.
begin;
select plan(14);

select is(
    trustcart_private.lifecycle_stage_of(t.n, t.days, s),
    t.expected,
    format('%s orders, %s days', t.n, coalesce(t.days::text, 'no'))
)
from (
    values
    (0, null, 'prospect'),
    (1, 0, 'new'),
    (1, 59, 'new'),
    (1, 60, 'at_risk'),
    (1, 90, 'at_risk'),
    (1, 91, 'churned'),
    (2, 0, 'active'),
    (2, 59, 'active'),
    (2, 60, 'at_risk'),
    (2, 90, 'at_risk'),
    (2, 91, 'churned'),
    (200, 5000, 'churned')
) as t (n, days, expected)
cross join trustcart.settings as s;

update trustcart.settings set at_risk_from_days = 45, churned_after_days = 100;
select is(trustcart_private.lifecycle_stage_of(1, 45, s), 'at_risk', 'at_risk begins where the settings say')
from trustcart.settings as s;
select is(trustcart_private.lifecycle_stage_of(1, 100, s), 'at_risk', 'and ends where they say')
from trustcart.settings as s;

select * from finish();
rollback;

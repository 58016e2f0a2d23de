-- The labels hold up to the day before next_label_date and differ on it, from every day on.
begin;
select plan(6);

create temporary view labels as
select
    d.days,
    s,
    (
        trustcart_private.customer_type_of(2, 100, d.days, s),
        trustcart_private.lifecycle_stage_of(2, d.days, s),
        trustcart_private.priority_level_of(d.days, s)
    )::text as labels
from generate_series(0, 400) as d (days)
cross join trustcart.settings as s;

select is(
    trustcart_private.next_label_date('2025-01-01', date '2025-01-01' + t.days, s),
    date '2025-01-01' + t.expected,
    format('%s days after the order it is the day %s', t.days, coalesce(t.expected::text, 'that never comes'))
)
from (values (0, 8), (8, 31), (59, 60), (91, null)) as t (days, expected)
cross join trustcart.settings as s;

create temporary view wrong_days as
select
    l.days,
    trustcart_private.next_label_date('2025-01-01', date '2025-01-01' + l.days, l.s) - date '2025-01-01' as said,
    (select min(m.days) from labels as m where m.days > l.days and m.labels <> l.labels) as found
from labels as l
where l.days < 300;
select is_empty(
    'select * from wrong_days as w where w.said is distinct from w.found',
    'by the settings as they come, it is the first day on which a label differs'
);
update trustcart.settings
set
    hot_within_days = 3, warm_within_days = 70, at_risk_from_days = 20, churned_after_days = 50,
    inactive_from_days = 130;
select is_empty(
    'select * from wrong_days as w where w.said is distinct from w.found',
    'by other settings likewise'
);

select * from finish();
rollback;

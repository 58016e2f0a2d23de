-- Every classification with its reason: the facts and the thresholds, and the days it holds.
begin;
select plan(21);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values
(1, '2025-01-10', 20000, 'delivered'), (1, '2025-02-01', 15000, 'delivered'), (1, '2025-02-20', 20000, 'delivered'),
(1, '2025-02-21', 999, 'cancelled');

select results_eq(
    'select e.attribute, e.value, e.code, e.since, e.until, e.next_value
    from trustcart.explain_customer(1, ''2025-03-01'') as e',
    $$values
    ('customer_type', 'vip', 'type_vip', date '2025-02-20', date '2025-05-21', 'inactive'),
    ('lifecycle_stage', 'active', 'lifecycle_stage_active', '2025-02-01', '2025-04-21', 'at_risk'),
    ('priority_level', 'warm', 'priority_level_warm', '2025-02-28', '2025-03-23', 'cold'),
    ('risk_level', null, 'no_risk', null, '2025-03-23', 'low'),
    ('loyalty_tier', 'gold', 'loyalty_tier', '2025-02-20', null, null),
    ('call_priority', 'hot', 'because_vip', '2025-02-20', '2025-05-21', 'warm'),
    ('recommended_action', 'Personal call from manager', 'because_vip', '2025-02-20', '2025-04-21',
        'Send discount offer')$$,
    'a vip, and until when'
);
select is(
    (select e.why from trustcart.explain_customer(1, '2025-03-01') as e where e.attribute = t.attribute), t.why,
    t.attribute || ' in words'
)
from (
    values
    ('customer_type', '3 orders worth 55000 taka: vip from 6 orders or 50000 taka.'),
    ('lifecycle_stage', 'The last order was 9 days before: at risk from 60 days.'),
    ('priority_level', 'The last order was 9 days before: warm up to 30 days.'),
    ('risk_level', 'The last order was 9 days before: a dropoff begins after 30 days.'),
    ('call_priority', 'The type is vip.')
) as t (attribute, why);
select results_eq(
    'select e.value, e.since, e.until, e.why from trustcart.explain_customer(1, ''2025-06-15'') as e',
    $$values
    ('inactive', date '2025-05-21', null::date, 'The last order was 115 days before: inactive from 90 days.'),
    ('churned', '2025-05-22', null, 'The last order was 115 days before: churned after 90 days.'),
    ('cold', '2025-03-23', null, 'The last order was 115 days before: cold after 30 days.'),
    ('high', '2025-05-22', '2025-06-21', 'The last order was 115 days before: no order for more than 90 days.'),
    ('gold', '2025-02-20', null, '3 orders worth 55000 taka: gold from 50000 taka.'),
    ('cold', '2025-05-22', null, 'Neither the type nor the stage asks for more.'),
    ('Regular follow-up', '2025-05-22', null, 'Neither the type nor the stage asks for more.')$$,
    'the same customer, long after'
);
select results_eq(
    'select e.value, e.code, e.since, e.until from trustcart.explain_customer(1, ''2025-01-10'') as e limit 2',
    $$values ('new', 'type_new', date '2025-01-10', date '2025-02-01'),
    ('new', 'lifecycle_stage_new', '2025-01-10', '2025-02-01')$$,
    'on a day of the past: what was to come ends it'
);
select is(
    (select e.why from trustcart.explain_customer(1, '2025-01-10') as e where e.attribute = 'priority_level'),
    'The last order was placed that day: hot up to 7 days.', 'the day itself'
);
select results_eq(
    'select e.value, e.code, e.since, e.until, e.why from trustcart.explain_customer(2, ''2025-06-15'') as e',
    $$values
    (null, 'no_order', null::date, null::date, 'There is no order that counts.'),
    ('prospect', 'no_order', null, null, 'There is no order that counts.'),
    ('cold', 'no_order', null, null, 'There is no order that counts.'),
    (null, 'no_order', null, null, 'There is no order that counts.'),
    (null, 'no_tier', null, null, '0 orders worth 0 taka: silver from 20000 taka.'),
    ('cold', 'because_none', null, null, 'Neither the type nor the stage asks for more.'),
    ('Regular follow-up', 'because_none', null, null, 'Neither the type nor the stage asks for more.')$$,
    'a prospect, from the beginning'
);
select is(
    (select e.figures from trustcart.explain_customer(1, '2025-03-01') as e where e.attribute = t.attribute),
    t.figures::jsonb || '{"orders": 3, "spend": 55000, "last_order_date": "2025-02-20", "days": 9}',
    t.attribute || ' in figures'
)
from (
    values
    ('customer_type', '{"vip_orders": 6, "vip_spend": 50000, "inactive_from_days": 90}'),
    ('lifecycle_stage', '{"at_risk_from_days": 60, "churned_after_days": 90}'),
    ('loyalty_tier', '{"tier_spend": 50000, "next_tier": "platinum", "next_spend": 150000}'),
    ('recommended_action', '{"customer_type": "vip", "lifecycle_stage": "active"}')
) as t (attribute, figures);
select is(
    (select e.code from trustcart.explain_customer(1, '2025-04-25') as e where e.attribute = 'recommended_action'),
    'because_at_risk', 'the action of who is at risk'
);
update trustcart.settings set at_risk_from_days = 5, hot_within_days = 10;
select results_eq(
    $$select e.value, e.why from trustcart.explain_customer(1, '2025-03-01') as e
    where e.attribute in ('lifecycle_stage', 'priority_level')$$,
    $$values ('at_risk', 'The last order was 9 days before: at risk from 5 days, churned after 90.'),
    ('hot', 'The last order was 9 days before: hot up to 10 days.')$$,
    'by the thresholds of the settings'
);
select throws_ok('select trustcart.explain_customer(null)', 'TC003', null, 'no customer');
select throws_ok('select trustcart.explain_customer(99)', 'TC004', null, 'no such customer');
select throws_ok('select trustcart.explain_customer(1, ''infinity'')', 'TC001', null, 'no date');
select throws_ok('select trustcart.explain_customer(1, null)', 'TC001', null, 'none at all');
select is(
    (
        select count(*)
        from trustcart.explain_customer(1) as e
        inner join trustcart.customer_state() as s on s.customer_id = 1
        where e.value is not distinct from case e.attribute
            when 'customer_type' then s.customer_type
            when 'lifecycle_stage' then s.lifecycle_stage
            when 'priority_level' then s.priority_level
            when 'risk_level' then s.risk_level
        end
    ),
    4::bigint, 'today, without a date'
);

select * from finish();
rollback;

-- Periods and overrides that cannot be simulated, each with its SQLSTATE and its name.
begin;
select plan(33);

create function pg_temp.with_settings(p_overrides jsonb) returns text language sql as $$
select format('select * from trustcart.backtest_call_plan(''2025-06-01'', ''2025-06-01'', %L)',
jsonb_build_object('settings', p_overrides))
$$;
create function pg_temp.with_types(p_overrides jsonb) returns text language sql as $$
select format('select * from trustcart.backtest_call_plan(''2025-06-01'', ''2025-06-01'', %L)',
jsonb_build_object('call_task_types', p_overrides))
$$;

select throws_ok(format('select * from trustcart.backtest_call_plan(%L, %L)', c.p_from, c.p_to), c.code, null, c.what)
from (
    values
    (null, '2025-06-01', 'TC001', 'no first day'), ('2025-06-01', null, 'TC001', 'no last day'),
    ('infinity', '2025-06-01', 'TC001', 'never'), ('2025-06-01', '2200-01-01', 'TC001', 'too far off'),
    ('2025-06-02', '2025-06-01', 'TC005', 'backwards'), ('2010-01-01', '2020-01-09', 'TC005', 'more than 3660 days')
) as c (p_from, p_to, code, what);

select throws_ok(
    format('select * from trustcart.backtest_call_plan(''2025-06-01'', ''2025-06-01'', %L)', c.overrides),
    c.code, c.message, c.message
)
from (
    values
    ('[]', 'TC005', 'overrides, and "settings" and "call_task_types" in them, are objects'),
    ('{"settings": 5}', 'TC005', 'overrides, and "settings" and "call_task_types" in them, are objects'),
    ('{"call_task_types": null}', 'TC005', 'overrides, and "settings" and "call_task_types" in them, are objects'),
    ('{"agents": {}}', 'TC002', 'there are no overrides of agents')
) as c (overrides, code, message);

select throws_ok(pg_temp.with_settings(c.overrides), c.code, c.message, c.message)
from (
    values
    ('{"calls_a_day": 1}'::jsonb, 'TC002', 'settings has no calls_a_day'),
    ('{"ctid": 1}', 'TC002', 'settings has no ctid'),
    ('{"time_zone": "UTC"}', 'TC005', 'settings.time_zone cannot be simulated'),
    ('{"id": false}', 'TC005', 'settings.id cannot be simulated'),
    ('{"contacts_per_week": "abc"}', 'TC005',
    'settings.contacts_per_week: invalid input syntax for type integer: "abc"'),
    ('{"contacts_per_week": 2.5}', 'TC005', 'settings.contacts_per_week: invalid input syntax for type integer: "2.5"'),
    ('{"contacts_per_week": null}', 'TC005', 'settings.contacts_per_week = null: a value is required'),
    ('{"contacts_per_week": 0}', 'TC005',
    'settings.contacts_per_week = 0: refused by settings_contacts_per_week_positive'),
    ('{"vip_spend": 1e20}', 'TC005', 'settings.vip_spend: numeric field overflow'),
    ('{"quiet_from": "25:00"}', 'TC005', 'settings.quiet_from: date/time field value out of range: "25:00"'),
    ('{"quiet_from": "21:00"}', 'TC005', 'settings.quiet_from = 21:00:00: refused by settings_quiet_hours_complete'),
    ('{"at_risk_from_days": 95, "vip_spend": 9}', 'TC005',
    'settings.at_risk_from_days = 95: refused by settings_lifecycle_in_order')
) as c (overrides, code, message);

select throws_ok(pg_temp.with_types(c.overrides), c.code, c.message, c.message)
from (
    values
    ('{"greeting": {}}'::jsonb, 'TC002', 'greeting is not in trustcart.call_task_types'),
    ('{"other": {"max_calls": 1}}', 'TC203', 'calls of type other are not planned'),
    ('{"at_risk": 5}', 'TC005', 'the overrides of at_risk are an object, not 5'),
    ('{"at_risk": {"calls": 1}}', 'TC002', 'at_risk has no calls'),
    ('{"at_risk": {"carry_days": 1}}', 'TC005', 'at_risk.carry_days cannot be simulated'),
    ('{"at_risk": {"max_calls": -1}}', 'TC005', 'at_risk.max_calls = -1: refused by call_task_types_cadence_sane'),
    ('{"at_risk": {"base_priority": "lukewarm"}}', 'TC005',
    'at_risk.base_priority = lukewarm: refused by call_task_types_base_priority_known'),
    ('{"at_risk": {"rank": 40}}', 'TC005', 'at_risk.rank: another row has the same')
) as c (overrides, code, message);

select lives_ok(
    pg_temp.with_types('{"at_risk": {"rank": 40}, "new_customer": {"rank": 50}}'), 'two ranks can change places'
);
select lives_ok(
    pg_temp.with_settings('{"at_risk_from_days": 95, "churned_after_days": 120, "quiet_from": "21:00", "quiet_until": "9:00"}'),
    'what fits together only together'
);
select lives_ok(
    'select * from trustcart.backtest_call_plan(''2025-06-01'', ''2025-06-01'', null)', 'null overrides nothing'
);

select * from finish();
rollback;

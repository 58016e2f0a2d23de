-- events_keep_months whole months before the present one stay.
begin;
select plan(7);
select trustcart.ensure_event_partitions('2021-12-31');
insert into trustcart.events (occurred_at, event_type) values
('2021-10-31 12:00+00', 'unpartitioned'), ('2021-12-05 12:00+00', 'december'), ('2022-01-05 12:00+00', 'january');
update trustcart.settings set events_keep_months = 1;
select is(
    trustcart.drop_old_events('2021-11-30') ->> 'partitions', '[]', 'October is one month before November, and stays'
);
select is(
    trustcart.drop_old_events('2022-02-28') - 'as_of',
    '{"kept_from": "2022-01-01", "partitions": ["events_202112"], "deleted": 1}'::jsonb, 'of February, January stays'
);
select results_eq('select event_type from trustcart.events order by id', array['january'], 'and its events');
update trustcart.settings set events_keep_months = 13;
select is(trustcart.drop_old_events('2023-02-01') ->> 'partitions', '[]', '13 months, by default');
select throws_ok('update trustcart.settings set events_keep_months = 0', '23514', null, 'at least one month is kept');
select is(
    trustcart.drop_old_events('2199-01-01') ->> 'as_of', trustcart.business_date()::text, 'no later than today'
);
select throws_ok($$ select trustcart.drop_old_events('infinity') $$, 'TC001', null, 'no date');
select * from finish();
rollback;

-- Partitions of the present month and the two that follow; what fell into the default one moves.
begin;
select plan(8);
insert into trustcart.events (occurred_at, event_type) values
('2031-11-30 23:59:59.999+00', 'november'), ('2031-12-01 00:00+00', 'december'), ('2032-02-29 12:00+00', 'february');
select is(
    trustcart.ensure_event_partitions('2031-12-31') - 'as_of',
    '{"partitions": ["events_203112", "events_203201", "events_203202"], "moved": 2}'::jsonb,
    'three months, across the end of the year'
);
select set_eq(
    $$ select tableoid::regclass::text as place, event_type from trustcart.events where event_type <> 'x' $$,
    $$ values ('events_default', 'november'), ('events_203112', 'december'),
    ('events_203202', 'february') $$,
    'each event lies with its month'
);
insert into trustcart.events (occurred_at, event_type) values ('2032-01-15 00:00+00', 'january');
select is(
    (select tableoid::regclass::text from trustcart.events where event_type = 'january'), 'events_203201',
    'new ones go there at once'
);
select is(
    trustcart.ensure_event_partitions('2031-12-31') - 'as_of', '{"partitions": [], "moved": 0}'::jsonb,
    'a second time there is nothing to do'
);
select is(
    trustcart.ensure_event_partitions('2032-01-01') - 'as_of', '{"partitions": ["events_203203"], "moved": 0}'::jsonb,
    'the next month adds one'
);
select has_index('trustcart', 'events_203112', 'events_203112_pkey', 'with the index');
select isnt(obj_description('events_203112'::regclass), null, 'and a comment');
select throws_ok('select trustcart.ensure_event_partitions(null)', 'TC001', null, 'no date');
select * from finish();
rollback;

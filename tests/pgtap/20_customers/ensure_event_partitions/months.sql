-- Partitions of the present month and the two that follow; what fell into the default one moves.
begin;
select plan(9);
insert into trustcart.events (occurred_at, event_type) values
('2031-11-30 23:59:59.999+00', 'november'), ('2031-12-01 00:00+00', 'december'), ('2032-02-29 12:00+00', 'february');
select is(
    trustcart.ensure_event_partitions('2031-12-31') - 'as_of',
    '{"partitions": ["events_203112", "events_203201", "events_203202"], "moved": 2, "is_complete": true}'::jsonb,
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
    trustcart.ensure_event_partitions('2031-12-31') - 'as_of', '{"partitions": [], "moved": 0, "is_complete": true}'::jsonb,
    'a second time there is nothing to do'
);
select is(
    trustcart.ensure_event_partitions('2032-01-01') - 'as_of',
    '{"partitions": ["events_203203"], "moved": 0, "is_complete": true}'::jsonb, 'the next month adds one'
);
select has_index('trustcart', 'events_203112', 'events_203112_pkey', 'with the index');
select isnt(obj_description('events_203112'::regclass), null, 'and a comment');
insert into trustcart.events (occurred_at, event_type) values
('2032-05-15 12:00+00', 'missed'), ('2032-07-15 12:00+00', 'missed'), ('2039-01-01 12:00+00', 'clock ahead');
select is(
    array[trustcart.ensure_event_partitions('2032-08-31') - 'as_of', trustcart.ensure_event_partitions('2032-08-31') - 'as_of'],
    array['{"partitions": ["events_203205", "events_203208", "events_203209", "events_203210"], "moved": 1,
        "is_complete": false}'::jsonb, '{"partitions": ["events_203207"], "moved": 1, "is_complete": true}'],
    'missed months come one a call; what is of the future waits for its month'
);
select throws_ok('select trustcart.ensure_event_partitions(null)', 'TC001', null, 'no date');
select * from finish();
rollback;

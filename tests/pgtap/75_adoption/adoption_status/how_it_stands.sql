-- How an adoption stands: nothing, under way, live, with what is in the quarantine.
begin;
select plan(7);

select is(adoption_status(), null, 'nothing was ever adopted');

insert into trustcart_private.adoptions (mapping_name, mapping, rendered_sha256, package_version, time_zone, state)
values ('shop.toml', 'time_zone = "Asia/Dhaka"', 'x', '0.2.0', 'Asia/Dhaka', 'backfilling');
insert into trustcart_private.adoption_sources (
    entity, slot, source_name, source_table, columns, optional_columns, definition_sha256, rows_done, done_at
)
values
('items', 1, 'items_1', 'public.b', '{order_id}', '{}', 'x', 0, null),
('items', 0, 'items_0', 'public.a', '{order_id}', '{}', 'x', 0, null),
('orders', 0, 'orders', 'public.o', '{status}', '{}', 'x', 7, now());
insert into trustcart_private.adoption_quarantine (entity, slot, source_key, column_name, sqlstate, message)
values ('items', 1, 5, '', '23503', 'x'), ('items', 1, 6, '', '23503', 'x'), ('orders', 0, 1, '', '22023', 'x');

select is(adoption_status() ->> 'state', 'backfilling', 'the past is coming over');
select is(
    (
        select array_agg(s.value ->> 'table' order by s.place)
        from jsonb_array_elements(adoption_status() -> 'sources') with ordinality as s (value, place)
    ),
    array['public.o', 'public.a', 'public.b'],
    'its tables, in the order in which they depend on each other'
);
select is((adoption_status() -> 'quarantined')::integer, 3, 'all that is in the quarantine');
select is(
    (
        select array_agg((s.value -> 'quarantined')::integer order by s.place)
        from jsonb_array_elements(adoption_status() -> 'sources') with ordinality as s (value, place)
    ),
    array[1, 0, 2],
    'and of each table'
);
select is(
    (
        select array_agg(s.value ->> 'done_at' is not null order by s.place)
        from jsonb_array_elements(adoption_status() -> 'sources') with ordinality as s (value, place)
    ),
    array[true, false, false],
    'which of them are done'
);

update trustcart_private.adoptions set state = 'live', live_at = now();
select is((adoption_status() ->> 'live_at')::timestamptz, now(), 'live, and since when');

select * from finish();
rollback;

-- A position is (xid, id) of the last event read; what a running transaction may still add to is not read.
begin;
select plan(8);
delete from trustcart.events;
insert into trustcart.events (xid, id, event_type) values
('5', 3, 'third'), ('5', 2, 'second'), ('4', 9, 'first'), ('7', 1, 'fourth');
insert into trustcart.events (event_type) values ('of_this_transaction');
select results_eq(
    'select event_type from trustcart.read_events()', array['first', 'second', 'third', 'fourth'],
    'by transaction, then by id; the events of a transaction that still runs wait'
);
select results_eq(
    $$ select event_type from trustcart.read_events('5', 2) $$, array['third', 'fourth'], 'after a position'
);
select results_eq(
    $$ select event_type from trustcart.read_events('4', 9, 1) $$, array['second'], 'and not more than asked for'
);
select is_empty($$ select from trustcart.read_events('7', 1) $$, 'after the last there is nothing');
select results_eq(
    'select event_type from trustcart.read_events(null, null)', array['first', 'second', 'third', 'fourth'],
    'no position is the beginning'
);
select throws_ok('select trustcart.read_events(p_limit => 0)', 'TC005', null, 'a limit of nothing');
select throws_ok('select trustcart.read_events(p_limit => null)', 'TC005', null, 'no limit');
select index_is_primary('trustcart', 'events', 'events_pkey', 'one index serves key and position');
select * from finish();
rollback;

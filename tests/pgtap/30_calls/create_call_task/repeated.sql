-- A double click makes one task.
begin;
select plan(6);
set local client_min_messages = warning;

insert into trustcart.users (id, name) values (1, 'A');
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
create function pg_temp.create_it(p_notes text, p_request_id text) returns bigint language sql as $$
select trustcart.create_call_task(
    1, 'other', 'hot', trustcart.business_date() + 1, 1, p_notes,
    (trustcart.business_date() + 1 + time '15:00') at time zone 'Asia/Dhaka', p_request_id
)
$$;
create temporary table made (id bigint) on commit drop;
insert into made select pg_temp.create_it('Honey', 'click');

select is(pg_temp.create_it('Honey', 'click'), (select m.id from made as m), 'again, the same id');
select is((select count(*) from trustcart.crm_call_tasks), 1::bigint, 'and no second task');
select throws_ok($$select pg_temp.create_it('Dates', 'click')$$, 'TC106', null, 'another task has another key');
select throws_ok(
    $$select trustcart.create_call_task(99, 'other', p_request_id => 'failed')$$, 'TC004', null, 'what failed'
);
select lives_ok(
    $$select trustcart.create_call_task(1, 'other', p_request_id => 'failed')$$, 'leaves its key to another'
);
select isnt(pg_temp.create_it('Honey', null), (select m.id from made as m), 'without a key, each is its own');

select * from finish();
rollback;

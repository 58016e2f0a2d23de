-- A skip says why, and may note more; it is not possible on what is closed.
begin;
select plan(4);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, task_date, notes)
select g.n, 1, trustcart.business_date(), 'As planned' from generate_series(1, 3) as g (n);
select results_eq(
    $$select t.close_reason, t.notes, t.outcome from trustcart.skip_call_task(1, 'shop closed', 'Eid', 'none') as t$$,
    $$values ('shop closed', 'Eid', 'none')$$, 'noted'
);
select is((trustcart.skip_call_task(2, p_notes => ' ')).notes, 'As planned', 'blank is no note');
select throws_ok($$select trustcart.complete_call_task(1, 'successful')$$, 'TC102', null, 'skipped is not completed');
update trustcart.crm_call_tasks set status = 'expired' where id = 3;
select throws_ok($$select trustcart.skip_call_task(3)$$, 'TC103', null, 'expired is closed');

select * from finish();
rollback;

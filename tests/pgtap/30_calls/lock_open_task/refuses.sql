-- Only a pending task is handed out; each other state has its own SQLSTATE.
begin;
select plan(7);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, task_date, status)
select g.n, 1, '2025-06-18', s.status
from unnest(array['pending', 'completed', 'skipped', 'expired', 'carried']) with ordinality as s (status, n)
inner join generate_series(1, 5) as g (n) on s.n = g.n;

select is((trustcart_private.lock_open_task(1)).id, 1::bigint, 'a pending task');
select throws_ok($$select trustcart_private.lock_open_task(2)$$, 'TC101', null, 'completed');
select throws_ok($$select trustcart_private.lock_open_task(3)$$, 'TC102', null, 'skipped');
select throws_ok($$select trustcart_private.lock_open_task(4)$$, 'TC103', null, 'expired');
select throws_ok($$select trustcart_private.lock_open_task(5)$$, 'TC103', null, 'carried');
select throws_ok($$select trustcart_private.lock_open_task(null)$$, 'TC003', null, 'none given');
select throws_ok($$select trustcart_private.lock_open_task(6)$$, 'TC004', null, 'unknown');

select * from finish();
rollback;

-- Only a pending task is handed out; each other state has its own SQLSTATE.
begin;
select plan(11);

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


create function pg_temp.hint_of(p_task_id bigint) returns text language plpgsql as $$
declare
    v_hint text;
begin
    perform trustcart_private.lock_open_task(p_task_id);
    return 'open';
exception
    when others then
        get stacked diagnostics v_hint = pg_exception_hint;
        return v_hint;
end;
$$;
insert into trustcart.crm_call_tasks (id, customer_id, task_date, status, predecessor_id, close_reason, reasons)
values (7, 1, '2025-06-19', 'carried', 5, null, '[]'),
(8, 1, '2025-06-20', 'pending', null, null, '[{"task_type": "other", "carried_from": [7, 70]}]'),
(9, 1, '2025-06-18', 'cancelled', null, 'do not call', '[]');
select is(pg_temp.hint_of(7), 'Task 8 of 2025-06-20 carries it on.', 'the successor');
select is(pg_temp.hint_of(5), 'Task 8 of 2025-06-20 carries it on.', 'the last, where the successor was carried too');
select alike(pg_temp.hint_of(9), 'Record a new consent%', 'no other call for who wants none');
select is(pg_temp.hint_of(4), 'Create a task for another call.', 'another call instead of an expired one');

select * from finish();
rollback;

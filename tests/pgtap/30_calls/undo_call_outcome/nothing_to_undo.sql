-- Only an outcome can be undone.
begin;
select plan(5);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, task_date, status)
select g.n, 1, trustcart.business_date(), case g.n when 5 then 'completed' else 'pending' end
from generate_series(1, 5) as g (n);
update trustcart.crm_call_tasks set status = 'cancelled' where id = 2;
update trustcart.crm_call_tasks set status = 'expired' where id = 3;
update trustcart.crm_call_tasks set status = 'carried' where id = 4;

select throws_ok($$select trustcart.undo_call_outcome(1)$$, 'TC108', null, 'a task that nobody has called for');
select throws_ok($$select trustcart.undo_call_outcome(2)$$, 'TC108', null, 'cancelled');
select throws_ok($$select trustcart.undo_call_outcome(3)$$, 'TC108', null, 'expired');
select throws_ok($$select trustcart.undo_call_outcome(4)$$, 'TC108', null, 'carried');
select throws_ok($$select trustcart.undo_call_outcome(5)$$, 'TC108', null, 'entered as completed: it was nothing before');

select * from finish();
rollback;

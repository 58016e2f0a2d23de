begin;
select plan(5);

delete from trustcart.job_runs;
create temporary table before as select * from trustcart.system_health();
insert into trustcart.customers (id, phone, mobile)
values (900001, 'call the office', 'none'), (900002, '01712345678', null);
insert into trustcart.customer_family_members (customer_id, name, relationship, phone)
values (900001, 'A', 'child', 'x');
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (900001, trustcart.business_date() - 95, 10), (900002, trustcart.business_date() - 200, 10);
insert into trustcart.crm_call_tasks (customer_id, task_date)
values (900001, trustcart.business_date()), (900002, trustcart.business_date() + 1);
select trustcart.detect_dropoffs();
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (900002, trustcart.business_date(), 10);

create temporary view change as
select h.metric, h.value - b.value as more, h.is_wrong
from trustcart.system_health() as h
inner join before as b on h.metric = b.metric;

select results_eq(
    $$select metric, more from change where metric in ('Total Customers', 'Active Tasks Today', 'At-Risk Customers')$$,
    $$values ('Total Customers', 2::bigint), ('Active Tasks Today', 1), ('At-Risk Customers', 1)$$,
    'the guide''s three; an episode that has ended is no risk'
);
select results_eq(
    $$select more, is_wrong from change where metric = 'Unreadable Phone Numbers'$$,
    $$values (3::bigint, false)$$,
    'phone numbers of customers and family that cannot be read'
);
select is((select bool_or(c.is_wrong) from change as c), false, 'none of it is wrong');

set local session_replication_role = replica;
update trustcart.customers set total_spend = 99 where id = 900001;
select results_eq(
    $$select more, is_wrong from change where metric = 'Customers Whose State Is Wrong'$$,
    $$values (1::bigint, true)$$,
    'a figure that differs from the recomputed one is'
);
insert into trustcart.job_runs (job_name, business_date, status, finished_at)
values ('detect_dropoffs', trustcart.business_date() - 10, 'succeeded', clock_timestamp());
select results_eq(
    $$select more, is_wrong from change where metric = 'Overdue Jobs'$$,
    $$values (1::bigint, true)$$,
    'so is a job that is overdue'
);

select * from finish();
rollback;

begin;
select plan(9);

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

insert into trustcart.customers (id, phone) select n, '0171100' || n from generate_series(9001, 9006) as n;
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, start_date, end_date, is_active)
values
(901, 'Now', 'Hi', null, null, true), (902, 'Later', 'Hi', trustcart.business_date() + 2, null, true),
(903, 'Over', 'Hi', null, trustcart.business_date() - 1, true), (904, 'Off', 'Hi', null, null, false),
(905, 'Mail', 'Hi', null, null, true);
update trustcart.marketing_campaigns set campaign_type = 'email' where id = 905;
insert into trustcart.campaign_messages (
    campaign_id, customer_id, channel, address, status, not_before, closed_at, close_reason
)
values
(901, 9001, 'sms', '1', 'queued', now() - interval '61 minutes', null, null),
(901, 9002, 'sms', '2', 'queued', now() - interval '59 minutes', null, null),
(901, 9003, 'sms', '3', 'failed', now(), now() - interval '6 days', 'failed: 400'),
(901, 9004, 'sms', '4', 'failed', now(), now() - interval '8 days', 'failed: 400'),
(902, 9001, 'sms', '1', 'queued', now() - interval '2 days', null, null),
(903, 9001, 'sms', '1', 'queued', now() - interval '2 days', null, null),
(904, 9001, 'sms', '1', 'queued', now() - interval '2 days', null, null),
(905, 9001, 'email', 'a@example.com', 'queued', now() - interval '2 days', null, null);
select results_eq(
    $$select metric, more, is_wrong from change where metric ~ '^Messages' order by 1$$,
    $$values ('Messages Nobody Delivers', 2::bigint, true), ('Messages That Failed This Week', 1, false)$$,
    'what is due since an hour and what failed'
);
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, status, sent_at)
values (901, 9005, 'sms', '5', 'sent', now() - interval '50 minutes');
update trustcart.delivery_channels set is_enabled = false where channel = 'email';
select results_eq(
    $$select more, is_wrong from change where metric = 'Messages Nobody Delivers'$$,
    $$values (0::bigint, false)$$,
    'a channel that sends is only slow, one that is disabled waits'
);

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

select is(
    (select c.more from change as c where c.metric = 'Campaigns Whose Counters Are Wrong'), 0::bigint,
    'the counters of campaigns are kept'
);
update trustcart.marketing_campaigns set response_count = 1 where id in (901, 905);
select results_eq(
    $$select more, is_wrong from change where metric = 'Campaigns Whose Counters Are Wrong'$$,
    $$values (2::bigint, true)$$,
    'one that differs from the messages is wrong'
);

select * from finish();
rollback;

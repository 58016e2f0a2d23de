-- Guide: a placed order is logged as an engagement; the event feed tells what became of it.
begin;
select plan(14);
insert into trustcart.customers (id) values (1), (2);
create view pg_temp.told as
select e.event_type, e.customer_id, e.payload ->> 'order_id' as order_id from trustcart.events as e
where e.event_type like 'order%' and e.xid = pg_current_xact_id() order by e.id;
create view pg_temp.engaged as
select e.customer_id, substring(e.content from '^Order #(\d+) placed$')::bigint as order_id
from trustcart.customer_engagement_history as e where e.engagement_type = 'order_placed';

insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
values (501, 1, trustcart.business_date(), 100);
select results_eq(
    $$ select customer_id, engagement_type::text, channel::text, content, response::text
    from trustcart.customer_engagement_history $$,
    $$ values (1::bigint, 'order_placed', 'website', 'Order #501 placed', 'positive') $$,
    'one order, as the guide logs it'
);
select results_eq('select * from pg_temp.told', $$ values ('order_placed', 1::bigint, '501') $$, 'and its event');
select results_eq(
    $$ select payload - 'business_date' from trustcart.events where event_type = 'lifecycle_stage_changed' $$,
    $$ values ('{"from": "prospect", "to": "new", "cause": "order"}'::jsonb) $$, 'and that of the stage it changed'
);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status) values
(502, 1, trustcart.business_date() - 30, 100, 'delivered'), (503, 2, trustcart.business_date() - 31, 100, 'delivered'),
(504, 2, trustcart.business_date(), 100, 'failed'), (505, 2, trustcart.business_date() + 3, 100, 'pending');
select set_eq(
    'select order_id from pg_temp.engaged', array[501, 502, 505]::bigint[],
    'many at once: neither history nor what does not count is an engagement'
);
select bag_eq(
    $$ select order_id from pg_temp.told $$, array['501', '502', '504', '505'], 'nor is history an event'
);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
values (506, 1, trustcart.business_date() - 31, 100);
select is_empty(
    $$ select from pg_temp.engaged where order_id = 506 $$, 'one order of history: no engagement'
);
select is_empty($$ select from pg_temp.told where order_id = '506' $$, 'and no event');
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (507, 1, trustcart.business_date(), 100, 'failed');
select is_empty(
    $$ select from pg_temp.engaged where order_id = 507 $$, 'one that does not count: none'
);

update trustcart.sales_orders set status = 'confirmed' where id in (501, 504, 507);
update trustcart.sales_orders set status = 'cancelled' where id in (501, 507);
update trustcart.sales_orders set status = 'confirmed' where id in (501, 507);
select bag_eq(
    'select order_id from pg_temp.engaged', array[501, 502, 504, 505, 507]::bigint[],
    'what counts at last was placed, once'
);
select is(
    (
        select e.payload -> 'before' ->> 'status' from trustcart.events as e
        where e.event_type = 'order_changed' and e.payload ->> 'order_id' = '504'
    ),
    'failed', 'a change tells what was before'
);
update trustcart.sales_orders set notes = 'x' where id = 501;
select is(
    (select count(*) from pg_temp.told where event_type = 'order_changed'), 7::bigint, 'notes are nobody''s business'
);
delete from trustcart.sales_orders where id = 501;
select is((select count(*) from pg_temp.told where event_type = 'order_withdrawn'), 1::bigint, 'a deleted order');
select bag_eq(
    'select customer_id from pg_temp.engaged where order_id = 501', array[1]::bigint[], 'its engagement stays'
);
insert into trustcart.customer_engagement_history (customer_id, engagement_type, channel, content, response)
values (1, 'offer_sent', 'whatsapp', 'Special 20% discount on honey', 'positive');
select is_empty('select * from trustcart.check_customer_state()', 'the state agrees with the orders');
select * from finish();
rollback;

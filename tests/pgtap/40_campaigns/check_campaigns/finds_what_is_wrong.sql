-- Every figure kept is compared.
begin;
select plan(4);

insert into trustcart.customers (id) values (900001), (900002);
insert into trustcart.marketing_campaigns (id, campaign_name, discount_code) values (900001, 'Eid', 'EID');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, status, sent_at, responded_at)
values (900001, 900001, 900001, 'sms', 'a', 'sent', now(), now());
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, coupon_code)
values (900001, 900001, trustcart.business_date() + 1, 100, null), (900002, 900002, trustcart.business_date(), 50, 'EID');
select is_empty('select * from trustcart.check_campaigns()', 'right');

set local session_replication_role = replica;
update trustcart.marketing_campaigns set sent_count = 3, response_count = 0;
update trustcart.order_attributions set amount = 1 where order_id = 900001;
delete from trustcart.order_attributions where order_id = 900002;
delete from trustcart.customer_engagement_history;
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount) values (900003, 900002, '2020-01-01', 1);
insert into trustcart.order_attributions (order_id, campaign_id, message_id, kind, amount)
values (900003, 900001, 900001, 'window', 1);
set local session_replication_role = origin;
select results_eq(
    'select c.campaign_id, c.figure, c.maintained, c.recomputed from trustcart.check_campaigns() as c order by c.figure collate "C"',
    format(
        $$values (900001::bigint, 'attribution of order 900001', 'window campaign 900001 message 900001 1.00',
        'window campaign 900001 message 900001 100.00'),
        (900001, 'attribution of order 900002', '', 'coupon campaign 900001 50.00'),
        (900001, 'attribution of order 900003', 'window campaign 900001 message 900001 1.00', ''),
        (900001, 'engagement of message 900001', '', 'customer 900001 sms %s'),
        (900001, 'response_count', '0', '1'), (900001, 'sent_count', '3', '1')$$,
        now()
    ),
    'each difference, as kept and as it should be'
);
select is_empty($$select * from trustcart.check_customer_state() as c where c.figure like 'contacts%'$$, 'contacts are elsewhere');
delete from trustcart_private.contact_days;
select isnt_empty($$select * from trustcart.check_customer_state() as c where c.figure like 'contacts by sms%'$$, 'namely there');

select * from finish();
rollback;

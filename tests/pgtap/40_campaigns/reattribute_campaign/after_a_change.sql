-- A campaign whose code or days changed.
begin;
select plan(8);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id) values (900001), (900002);
insert into trustcart.marketing_campaigns (id, campaign_name, start_date) values (900001, 'One', '2030-01-01');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, status, sent_at)
values (900001, 900001, 900001, 'sms', 'a', 'sent', '2030-03-01 12:00+06');
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, coupon_code)
values (900001, 900001, '2030-03-05', 100, null), (900002, 900002, '2030-03-05', 50, 'ONE'), (900003, 900002, '2030-03-05', 1, null);
create temporary view held as
select a.order_id, a.kind from trustcart.order_attributions as a order by a.order_id;

select results_eq('select * from held', $$values (900001::bigint, 'window')$$, 'as it was');
update trustcart.marketing_campaigns set attribution_days = 3, discount_code = 'one' where id = 900001;
select isnt_empty('select * from trustcart.check_campaigns()', 'a change alone leaves the orders, and the check says so');
select is(trustcart.reattribute_campaign(900001), 2, 'both orders are looked at anew');
select results_eq('select * from held', $$values (900002::bigint, 'coupon')$$, 'one goes, one comes');
select is(trustcart.reattribute_campaign(900001), 0, 'again: nothing');
select is_empty('select * from trustcart.check_campaigns()', 'all agrees');
select throws_ok('select trustcart.reattribute_campaign(900009)', 'TC004', null, 'no such campaign');
select throws_ok('select trustcart.reattribute_campaign(null)', 'TC003', null, 'none given');

select * from finish();
rollback;

-- order_attributions follow from orders and messages in the same transaction, whichever comes first.
begin;
select plan(15);

insert into trustcart.customers (id) values (900001), (900002);
insert into trustcart.marketing_campaigns (id, campaign_name, discount_code)
values (900001, 'One', null), (900002, 'Two', 'TWO');
create temporary view held as
select concat_ws(' ', a.order_id, a.kind, a.campaign_id, a.message_id, a.amount) as row
from trustcart.order_attributions as a;
create temporary view noon as
select trustcart.business_date()::timestamp at time zone s.time_zone + interval '12 hours' as at
from trustcart.settings as s;

insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, status, sent_at)
select 900001, 900001, 900001, 'sms', 'a', 'sent', n.at - interval '3 days' from noon as n;
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
values (900001, 900001, trustcart.business_date(), 100);
select results_eq('select * from held', $$values ('900001 window 900001 900001 100.00')$$, 'an order after a message');
update trustcart.sales_orders set total_amount = 150 where id = 900001;
select results_eq('select * from held', $$values ('900001 window 900001 900001 150.00')$$, 'its amount changes');
update trustcart.sales_orders set status = 'cancelled' where id = 900001;
select is_empty('select * from held', 'it is cancelled');
update trustcart.sales_orders set status = 'shipped' where id = 900001;
select results_eq('select * from held', $$values ('900001 window 900001 900001 150.00')$$, 'and taken up again');
update trustcart.sales_orders set order_date = trustcart.business_date() - 60 where id = 900001;
select is_empty('select * from held', 'it is of another day');
update trustcart.sales_orders set coupon_code = 'two', order_date = trustcart.business_date() where id = 900001;
select results_eq('select * from held', $$values ('900001 coupon 900002 150.00')$$, 'it had a coupon');
update trustcart.sales_orders set coupon_code = null where id = 900001;
update trustcart.sales_orders set customer_id = 900002 where id = 900001;
select is_empty('select * from held', 'it is another customer''s');
update trustcart.sales_orders set customer_id = 900001 where id = 900001;
select results_eq('select * from held', $$values ('900001 window 900001 900001 150.00')$$, 'and back');

insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, status, sent_at)
select 900002, 900002, 900001, 'sms', 'a', 'sent', n.at - interval '1 day' from noon as n;
select results_eq(
    'select * from held', $$values ('900001 window 900002 900002 150.00')$$, 'a later message is recorded after the order'
);
update trustcart.campaign_messages set bounced_at = sent_at + interval '1 minute' where id = 900002;
select results_eq('select * from held', $$values ('900001 window 900001 900001 150.00')$$, 'which bounced');
update trustcart.campaign_messages set bounced_at = null where id = 900002;
delete from trustcart.campaign_messages where id = 900002;
select results_eq('select * from held', $$values ('900001 window 900001 900001 150.00')$$, 'or is deleted');
update trustcart.campaign_messages set status = 'queued', sent_at = null where id = 900001;
select is_empty('select * from held', 'or was not sent after all');
select is(trustcart_private.attribute_orders(array[900001]), 0, 'nothing changes when all is right');
update trustcart.order_statuses set counts = false where status = 'shipped';
update trustcart.campaign_messages
set status = 'sent', sent_at = (select n.at from noon as n) - interval '1 day'
where id = 900001;
select is_empty('select * from held', 'an order of a status that does not count');
delete from trustcart.sales_orders where id = 900001;
select is_empty('select * from trustcart.check_campaigns()', 'all agrees in the end');

select * from finish();
rollback;

-- A message that was sent is a contact, an engagement, and an attempt to recover who fell silent.
begin;
select plan(15);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.customers (id) values (900001), (900002), (900003);
insert into trustcart.marketing_campaigns (id, campaign_name, discount_code, trigger_event)
values (900001, 'Offer', 'TEN', null), (900002, 'Birthdays', 'CAKE', 'birthday'), (900003, 'News', null, null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select c.id, trustcart.business_date() - 60, 100 from trustcart.customers as c where c.id in (900001, 900002);
select trustcart.detect_dropoffs();
create temporary view days as
select d.customer_id, d.contacted_on, d.channel, d.contacts
from trustcart_private.contact_days as d
where d.contacts > 0
order by d.customer_id, d.contacted_on, d.channel;
create temporary view recovery as
select t.customer_id, t.recovery_attempted, t.recovery_successful
from trustcart.customer_dropoff_tracking as t
order by t.customer_id;
-- Noon of today.
create temporary view noon as
select trustcart.business_date()::timestamp at time zone 'Asia/Dhaka' + interval '12 hours' as at;

insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, occurrence)
values
(900001, 900001, 900001, 'sms', 'a', ''), (900002, 900002, 900001, 'sms', 'a', 'birthday'),
(900003, 900003, 900003, 'push', 'customer:900003', '');
select is_empty('select * from days', 'queued is no contact');
select is(
    (select count(*) from trustcart.customer_engagement_history as e where e.message_id is not null), 0::bigint,
    'and no engagement'
);
update trustcart.campaign_messages set status = 'sent', sent_at = (select n.at from noon as n);
select results_eq(
    'select * from days',
    $$values (900001::bigint, trustcart.business_date(), 'sms', 2), (900003, trustcart.business_date(), 'push', 1)$$,
    'two messages of a day and channel, and one by push'
);
select results_eq(
    $$select e.message_id, e.customer_id, e.engagement_type::text, e.channel::text, e.content, e.response::text, e.created_at
    from trustcart.customer_engagement_history as e where e.message_id is not null order by e.message_id$$,
    $$select x.m, x.c, x.t, x.ch, x.n, null::text, noon.at from noon cross join (values
    (900001::bigint, 900001::bigint, 'offer_sent', 'sms', 'Offer'), (900002, 900001, 'birthday_message', 'sms', 'Birthdays'),
    (900003, 900003, 'message', 'push', 'News')) as x (m, c, t, ch, n)$$,
    'an engagement each, of the guide''s types'
);
select results_eq(
    'select * from recovery', 'values (900001::bigint, true, false), (900002, false, false)',
    'the episode was attempted to be recovered'
);
update trustcart.campaign_messages set delivered_at = sent_at, opened_at = sent_at, responded_at = sent_at;
select results_eq(
    'select * from days',
    $$values (900001::bigint, trustcart.business_date(), 'sms', 2), (900003, trustcart.business_date(), 'push', 1)$$,
    'receipts are no further contact'
);
update trustcart.campaign_messages set sent_at = sent_at - interval '1 day', responded_at = null where id = 900003;
select results_eq(
    $$select d.contacted_on from days as d where d.customer_id = 900003$$, $$values (trustcart.business_date() - 1)$$,
    'sent on another day'
);
select is(
    (select e.created_at from trustcart.customer_engagement_history as e where e.message_id = 900003),
    (select n.at - interval '1 day' from noon as n), 'with its engagement'
);
update trustcart.campaign_messages
set status = 'queued', sent_at = null, delivered_at = null, opened_at = null, responded_at = null
where id = 900002;
select results_eq(
    'select * from recovery', 'values (900001::bigint, true, false), (900002, false, false)',
    'one of two taken back: still attempted'
);
select is(
    (select count(*) from trustcart.customer_engagement_history as e where e.message_id = 900002), 0::bigint,
    'it was no engagement'
);
delete from trustcart.campaign_messages where id = 900001;
select results_eq(
    'select * from recovery', 'values (900001::bigint, false, false), (900002, false, false)',
    'both: not attempted'
);
select is_empty('select * from trustcart.check_customer_state()', 'contact_days agree');
select is_empty('select * from trustcart.check_campaigns()', 'and the campaigns');
select is(trustcart_private.recount_contact_days() > 0, true, 'counted anew');
select results_eq(
    'select * from days', $$values (900003::bigint, trustcart.business_date() - 1, 'push', 1)$$, 'it is the same'
);

select * from finish();
rollback;

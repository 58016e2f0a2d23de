-- Messages by the day they were sent, orders by their own.
begin;
select plan(3);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id) select 900000 + n from generate_series(1, 5) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'One'), (900002, 'Two'), (900003, 'None');
insert into trustcart.campaign_messages (
    campaign_id, customer_id, channel, address, status, sent_at, delivered_at, opened_at, responded_at, bounced_at,
    unsubscribed_at
)
values
(900001, 900001, 'sms', 'a', 'sent', '2026-01-31 23:59+06', null, null, null, null, null),
(900001, 900002, 'sms', 'b', 'sent', '2026-02-01 00:00+06', now(), now(), now(), null, now()),
(900001, 900003, 'sms', 'c', 'sent', '2026-02-28 23:59+06', now(), null, null, now(), null),
(900002, 900004, 'sms', 'd', 'sent', '2026-01-30 12:00+06', null, null, null, null, null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (900001, '2026-02-01', 10), (900001, '2026-02-02', 10), (900004, '2026-02-01', 5), (900004, '2026-01-31', 3);

select results_eq(
    $$select * from trustcart_private.campaign_figures('2026-02-01', '2026-02-28') order by 1$$,
    $$values (900001::bigint, 2::bigint, 2::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 2::bigint, 20.00),
    (900002, 0, 0, 0, 0, 0, 0, 1, 1, 5.00)$$, 'a month'
);
select results_eq(
    $$select f.campaign_id, f.sent, f.orders from trustcart_private.campaign_figures('2026-01-31', '2026-01-31') as f order by 1$$,
    'values (900001::bigint, 1::bigint, 0::bigint), (900002, 0, 1)', 'a day'
);
select is_empty($$select * from trustcart_private.campaign_figures('2025-01-01', '2025-12-31')$$, 'a year without any');

select * from finish();
rollback;

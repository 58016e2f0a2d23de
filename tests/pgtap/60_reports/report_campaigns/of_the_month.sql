-- The month's campaigns; the guide: "Analyze campaign performance".
begin;
select plan(6);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id) select 900000 + n from generate_series(1, 5) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type)
values (900001, 'One', 'sms'), (900002, 'Two', 'email'), (900003, 'None', 'sms');
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, status, sent_at, responded_at)
values
(900001, 900001, 'sms', 'a', 'sent', '2026-02-10 12:00+06', null), (900001, 900002, 'sms', 'b', 'sent', '2026-02-10 12:00+06', now()),
(900001, 900003, 'sms', 'c', 'sent', '2026-02-10 12:00+06', null), (900002, 900004, 'email', 'd', 'sent', '2026-01-30 12:00+06', null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
values (900001, '2026-02-11', 10), (900004, '2026-02-01', 500);
select results_eq(
    $$select r.campaign_name, r.channel, r.sent, r.responded, r.converted, r.orders, r.revenue, r.response_rate,
    r.conversion_rate, r.campaign_id from trustcart.report_campaigns('2026-02-28') as r$$,
    $$values ('Two', 'email', 0::bigint, 0::bigint, 1::bigint, 1::bigint, 500.00, null::numeric, null::numeric, 900002::bigint),
    ('One', 'sms', 3, 1, 1, 1, 10.00, 33.33, 33.33, 900001)$$, 'those with messages or orders in it, the most revenue first'
);
select is_empty($$select * from trustcart.report_campaigns('2026-03-01')$$, 'a month without');
select throws_ok($$select trustcart.report_campaigns(null)$$, 'TC001', null, 'no date');

-- The weekly and the monthly report.
select results_eq(
    $$select r.metric, r.value, r.previous from trustcart.report_weekly('2026-02-12') as r where r.section = 'Campaigns'$$,
    $$values ('Messages sent', 3::numeric, 0::numeric), ('Of these answered', 1, 0), ('Bounced', 0, 0), ('Unsubscribed', 0, 0),
    ('Orders attributed', 1, 0), ('Their revenue, Tk', 10, 0)$$, 'in the week'
);
select results_eq(
    $$select r.metric, r.value, r.previous, r.detail
    from trustcart.report_monthly('2026-02-12') as r where r.section = 'Campaigns: revenue, Tk'$$,
    $$values ('Two', 500::numeric, 0::numeric, '0 sent, 0 answered, 1 orders of 1 customers'),
    ('One', 10, 0, '3 sent, 1 answered, 1 orders of 1 customers')$$, 'each in the month'
);
insert into trustcart.products (id, name) values (900001, 'Honey');
insert into trustcart.product_recommendation_rules (rule_name, product_id, target_customer_type, discount_percentage)
values ('Sweet', 900001, 'vip', 5);
insert into trustcart.sales_order_items (order_id, product_id)
select o.id, 900001 from trustcart.sales_orders as o cross join generate_series(1, 2) as g (n);
select results_eq(
    $$select r.metric, r.value, r.previous, r.detail
    from trustcart.report_monthly('2026-02-12') as r where r.section like 'Recommendation rules%'$$,
    $$values ('Sweet', 2::numeric, 0::numeric, 'Honey, for vip, with 5 % off')$$, 'and what the rules offer'
);

select * from finish();
rollback;

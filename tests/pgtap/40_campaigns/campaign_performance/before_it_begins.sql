-- An audience fixed before start_date: both arms are looked at from start_date on, when the messages go out.
begin;
select plan(5);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id) select 900000 + n from generate_series(1, 20) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, start_date, holdout_percentage)
values (900001, 'Later', 'sms', '2026-01-20', 50);
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, queued_at, not_before)
select 900001, 900000 + n, 'sms', 'a' || n, '2026-01-05 12:00+06', '2026-01-20 00:00+06' from generate_series(1, 10) as g (n);
insert into trustcart.campaign_exclusions (campaign_id, customer_id, reason, excluded_at)
select 900001, 900010 + n, 'holdout', '2026-01-05 12:00+06' from generate_series(1, 10) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, ordered_at, total_amount)
values
-- Before it began, on the day, on the last day, on the day after.
(900001, '2026-01-06', null, 100), (900002, '2026-01-20', '2026-01-20 00:00+06', 100), (900003, '2026-01-27', null, 100),
(900004, '2026-01-28', null, 100), (900011, '2026-01-19', '2026-01-19 23:59+06', 100), (900012, '2026-01-27', null, 100),
(900013, '2026-01-28', null, 100);
create temporary view measured as
select * from trustcart.campaign_performance as p where p.campaign_id = 900001;
select is((select p.audience_buyers from measured as p), 2::bigint, 'of the audience, from the start on');
select is((select p.holdout_buyers from measured as p), 1::bigint, 'of the holdout, the same');
select results_eq(
    'select p.revenue_per_customer_audience, p.revenue_per_customer_holdout from measured as p', 'values (20.00, 10.00)',
    'and what they bought for'
);
update trustcart.marketing_campaigns set start_date = '2026-01-01' where id = 900001;
select results_eq(
    'select p.audience_buyers, p.holdout_buyers from measured as p', 'values (1::bigint, 0::bigint)',
    'begun before the audience was fixed: from then on'
);
update trustcart.marketing_campaigns set start_date = null where id = 900001;
select results_eq(
    'select p.audience_buyers, p.holdout_buyers from measured as p', 'values (1::bigint, 0::bigint)', 'without a start_date: the same'
);

select * from finish();
rollback;

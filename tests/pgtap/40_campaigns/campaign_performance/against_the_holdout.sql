-- What became of a campaign, and what its audience bought against what the holdout bought.
begin;
select plan(14);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id) select 900000 + n from generate_series(1, 40) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, discount_code, start_date, holdout_percentage)
values
(900001, 'Measured', 'sms', 'EID', '2026-01-01', 50), (900002, 'Nothing yet', 'email', null, null, 0),
(900003, 'Without holdout', 'sms', null, null, 0);
insert into trustcart.campaign_messages (
    id, campaign_id, customer_id, channel, address, queued_at, status, sent_at, closed_at, close_reason, delivered_at,
    opened_at, responded_at, bounced_at, unsubscribed_at
)
select
    900000 + n, 900001, 900000 + n, 'sms', 'a' || n, '2026-01-05 12:00+06', m.status,
    case when m.status = 'sent' then timestamptz '2026-01-05 12:05+06' end,
    case when m.status in ('failed', 'cancelled', 'expired') then timestamptz '2026-01-05 12:05+06' end,
    case when m.status in ('failed', 'cancelled', 'expired') then 'why' end,
    case when n <= 4 then timestamptz '2026-01-05 12:06+06' end,
    case when n <= 3 then timestamptz '2026-01-05 12:07+06' end,
    case when n <= 2 then timestamptz '2026-01-05 12:08+06' end,
    case when n = 5 then timestamptz '2026-01-05 12:08+06' end,
    case when n = 1 then timestamptz '2026-01-05 12:08+06' end
from (
    select
        g.n,
        (array['sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'failed', 'cancelled', 'expired', 'queued'])[g.n] as status
    from generate_series(1, 10) as g (n)
) as m;
insert into trustcart.campaign_exclusions (campaign_id, customer_id, reason, excluded_at)
select 900001, 900010 + n, 'holdout', '2026-01-05 12:00+06' from generate_series(1, 10) as g (n);
insert into trustcart.campaign_exclusions (campaign_id, customer_id, reason)
values (900001, 900021, 'cap'), (900001, 900022, 'no_consent');
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, queued_at, status, sent_at)
values (900003, 900030, 'sms', 'a', '2026-01-05 12:00+06', 'sent', '2026-01-05 12:00+06');
-- Nine of ten of the audience buy for 100, of whom one buys twice for 50; three of ten of the holdout.
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select 900000 + n, date '2026-01-06', case when n = 1 then 50 else 100 end from generate_series(1, 9) as g (n)
union all
select 900001, '2026-01-12', 50
union all
select 900010 + n, '2026-01-06', 100 from generate_series(1, 3) as g (n);
-- None of these counts: too late, too early, at an hour before it began, cancelled.
insert into trustcart.sales_orders (customer_id, order_date, ordered_at, total_amount, status)
values
(900014, '2026-01-13', null, 9000, 'pending'), (900015, '2026-01-04', null, 9000, 'pending'),
(900016, '2026-01-05', '2026-01-05 11:00+06', 9000, 'pending'), (900017, '2026-01-06', null, 9000, 'cancelled'),
(900010, '2026-01-13', null, 9000, 'pending');
-- Somebody who got no message uses its coupon.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, coupon_code) values (900035, '2026-01-06', 7, 'eid');

create temporary view measured as
select * from trustcart.campaign_performance as p where p.campaign_id = 900001;
select results_eq(
    $$select p.campaign_name, p.channel, p.audience, p.queued, p.sent, p.delivered, p.opened, p.responded, p.bounced, p.failed,
    p.suppressed, p.unsubscribed, p.excluded, p.holdout_size from measured as p$$,
    $$values ('Measured', 'sms', 10::bigint, 1::bigint, 6, 4::bigint, 3::bigint, 2, 1::bigint, 1::bigint, 2::bigint, 1::bigint,
    2::bigint, 10::bigint)$$, 'messages by what became of them'
);
select results_eq(
    'select p.converted, p.orders, p.revenue from measured as p', 'values (5::bigint, 7::bigint, 507.00)',
    'orders attributed: of five recipients whose message did not bounce, and one with the coupon'
);
select results_eq(
    'select p.delivery_rate, p.open_rate, p.response_rate, p.conversion_rate from measured as p',
    'values (66.67, 50.00, 33.33, 83.33)', 'rates, in percent of sent'
);
select results_eq(
    'select p.audience_buyers, p.holdout_buyers, p.conversion_rate_audience, p.conversion_rate_holdout from measured as p',
    'values (9::bigint, 3::bigint, 90.00, 30.00)', 'all of the audience, sent to or not, against the holdout'
);
select results_eq(
    'select p.lift, p.lift_low, p.lift_high from measured as p', 'values (60.00, 17.05, 80.90)',
    'nine of ten against three of ten, as Newcombe (1998) has it'
);
select results_eq(
    'select p.revenue_per_customer_audience, p.revenue_per_customer_holdout, p.revenue_lift from measured as p',
    'values (90.00, 30.00, 60.00)', 'what a customer spent'
);
-- Variances 1000 and 7000/3, ten each: 60 less and plus 1.96 times the root of 1000/3.
select results_eq(
    'select p.revenue_lift_low, p.revenue_lift_high from measured as p', 'values (24.22, 95.78)', 'with its interval'
);
select results_eq(
    $$select p.audience, p.sent, p.delivery_rate, p.conversion_rate, p.revenue, p.holdout_size, p.lift, p.lift_low,
    p.revenue_lift_high, p.conversion_rate_audience
    from trustcart.campaign_performance as p where p.campaign_id = 900002$$,
    $$values (0::bigint, 0, null::numeric, null::numeric, 0::numeric, 0::bigint, null::numeric, null::numeric, null::numeric,
    null::numeric)$$, 'nothing sent: no rates'
);
select results_eq(
    $$select p.sent, p.delivery_rate, p.holdout_size, p.audience_buyers, p.lift, p.lift_high, p.revenue_lift
    from trustcart.campaign_performance as p where p.campaign_id = 900003$$,
    $$values (1, 0.00, 0::bigint, null::bigint, null::numeric, null::numeric, null::numeric)$$,
    'no holdout: no comparison'
);
update trustcart.marketing_campaigns set attribution_days = 8 where id = 900001;
select is((select p.holdout_buyers from measured as p), 4::bigint, 'the campaign''s own days');
update trustcart.marketing_campaigns set attribution_days = null where id = 900001;
update trustcart.settings set attribution_days = 0;
select is((select p.audience_buyers from measured as p), 0::bigint, 'else those of the shop');
update trustcart.settings set attribution_days = 7;

-- One of each is no comparison of revenue, but one of shares.
delete from trustcart.campaign_exclusions where reason = 'holdout' and customer_id > 900011;
select results_eq(
    'select p.holdout_size, p.conversion_rate_holdout, p.revenue_lift_low is null, p.lift_low is null from measured as p',
    'values (1::bigint, 100.00, true, false)', 'a holdout of one'
);
delete from trustcart.campaign_messages where campaign_id = 900001;
select results_eq(
    'select p.conversion_rate_audience, p.lift, p.lift_low, p.revenue_lift from measured as p',
    'values (null::numeric, null::numeric, null::numeric, null::numeric)', 'a holdout of a campaign without audience'
);
select set_eq(
    'select p.campaign_id from trustcart.campaign_performance as p', 'select k.id from trustcart.marketing_campaigns as k',
    'a row a campaign'
);

select * from finish();
rollback;

-- The variants of a campaign, with the intervals of their rates.
begin;
select plan(4);

insert into trustcart.customers (id) select 900000 + n from generate_series(1, 50) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Test'), (900002, 'Plain');
insert into trustcart.campaign_variants (campaign_id, variant, message_template) values (900001, 'A', 'a'), (900001, 'B', 'b');
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, variant, status, sent_at, responded_at)
select 900001, 900000 + n, 'sms', 'a' || n, case when n <= 20 then 'A' else 'B' end, 'sent', now(), case when n = 21 then now() end
from generate_series(1, 49) as g (n);
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, variant)
values (900001, 900050, 'sms', 'a50', 'A'), (900002, 900050, 'sms', 'a50', null);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select 900021, trustcart.business_date() + 1, 100 from generate_series(1, 2) as g (n);

select results_eq(
    $$select v.variant, v.audience, v.sent, v.responded, v.response_rate, v.response_rate_low, v.response_rate_high
    from trustcart.campaign_variant_performance as v where v.campaign_id = 900001 order by 1$$,
    $$values ('A', 21::bigint, 20::bigint, 0::bigint, 0.00, 0.00, 16.11), ('B', 29, 29, 1, 3.45, 0.61, 17.18)$$,
    'none of 20 and one of 29, as Newcombe (1998) has them'
);
select results_eq(
    $$select v.variant, v.converted, v.orders, v.revenue, v.conversion_rate, v.conversion_rate_low, v.conversion_rate_high
    from trustcart.campaign_variant_performance as v where v.campaign_id = 900001 order by 1$$,
    $$values ('A', 0::bigint, 0::bigint, 0.00, 0.00, 0.00, 16.11), ('B', 1, 2, 200.00, 3.45, 0.61, 17.18)$$,
    'two orders after one message convert once'
);
select results_eq(
    $$select v.variant, v.audience, v.sent, v.response_rate, v.response_rate_low
    from trustcart.campaign_variant_performance as v where v.campaign_id = 900002$$,
    $$values (null::text, 1::bigint, 0::bigint, null::numeric, null::numeric)$$, 'a campaign without variants, not sent yet'
);
select is((select count(*) from trustcart.campaign_variant_performance), 3::bigint, 'no other rows');

select * from finish();
rollback;

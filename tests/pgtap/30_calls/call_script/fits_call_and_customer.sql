-- Which script a task gets: the guide's lists by call and segment, and their focus and offer.
begin;
select plan(8);

insert into trustcart.customers (id, first_name) select n, 'C' from generate_series(900001, 900006) as n;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select v.customer_id, trustcart.business_date() - v.days, v.amount, 'delivered'
from (
    values (900001, 3, 100), (900002, 3, 100), (900002, 9, 100), (900003, 3, 90000), (900004, 120, 100), (900005, 70, 90000)
) as v (customer_id, days, amount);
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date)
values
(900001, 900001, 'new_customer', trustcart.business_date()), (900002, 900002, 'repeat_reminder', trustcart.business_date()),
(900003, 900003, 'repeat_reminder', trustcart.business_date()), (900004, 900004, 'at_risk', trustcart.business_date()),
(900005, 900005, 'at_risk', trustcart.business_date()), (900006, 900006, 'other', trustcart.business_date()),
(900007, 900003, 'birthday', trustcart.business_date()), (900008, 900003, 'anniversary', trustcart.business_date()),
(900009, 900003, 'follow_up', trustcart.business_date());

select results_eq(
    $$select n, s.script ->> 'focus', s.script ->> 'offer', s.script ->> 'recommended_action'
    from generate_series(900001, 900006) as n cross join lateral (select trustcart.call_script(n) as script) as s order by n$$,
    $$values
    (900001, 'Satisfaction, education, retention', 'Welcome discount (10% on the next order), product guide',
        'Welcome gift voucher'),
    (900002, 'Cross-sell, upsell, referrals', 'Loyalty discount, combo deals', 'Regular follow-up'),
    (900003, 'Relationship, exclusivity, feedback', 'VIP perks, early access, gifts', 'Personal call from manager'),
    (900004, 'Win-back, problem resolution', '20-30% discount, free delivery', 'Regular follow-up'),
    (900005, 'Recovery: what kept the customer from ordering', 'Exclusive discount (15-20%)', 'Send discount offer'),
    (900006, 'Get to know each other, first order', 'Welcome discount, product guide', 'Regular follow-up')$$,
    'focus and offer of the segmentation strategy; a VIP at risk is at risk'
);
select is(
    trustcart.call_script(900001) -> 'dos',
    '["Welcome warmly", "Thank for first order", "Ask about product satisfaction", "Offer 10% discount on next order",
    "Collect family member info", "Ask about preferred contact time"]',
    'the guide''s DO list of a new customer'
);
select is(
    trustcart.call_script(900001) -> 'donts',
    '["Rush the call", "Sound scripted", "Push for immediate sale", "Ignore customer questions"]', 'its DON''T list'
);
select is(
    trustcart.call_script(900005) -> 'dos',
    '["Address by name", "Mention last purchase date", "Ask if there was any issue",
    "Offer exclusive discount (15-20%)", "Suggest new products they might like", "Create urgency (limited time offer)"]',
    'the guide''s DO list of an at-risk customer'
);
select is(
    jsonb_build_array(trustcart.call_script(900005) -> 'donts', trustcart.call_script(900004) -> 'donts'),
    '[["Sound desperate", "Blame customer for not ordering", "Offer generic discounts", "Make false promises"],
    ["Sound desperate", "Blame customer for not ordering", "Offer generic discounts", "Make false promises"]]',
    'its DON''T list, of the inactive too'
);
select is(
    jsonb_build_array(trustcart.call_script(900003) -> 'dos', trustcart.call_script(900003) -> 'donts'),
    '[["Personalized greeting", "Thank for loyalty", "Offer early access to new products", "Ask for feedback/suggestions",
    "Provide dedicated support number", "Send birthday/anniversary gifts"],
    ["Treat like regular customer", "Sell aggressively", "Miss special occasions"]]',
    'the guide''s lists of a VIP'
);
select is(
    (
        select array_agg(trustcart.call_script(n) ->> 'title' order by n) from generate_series(900007, 900009) as n
    ),
    array['Birthday greeting', 'Anniversary greeting', 'Follow-up call'],
    'greetings and promised calls have their own, whoever the customer is'
);
insert into trustcart.call_scripts (title, rank, task_type, customer_type, focus, offer, dos, donts)
values ('Ours', 1, 'birthday', 'vip', 'f', 'o', '{a}', '{b}');
select is(trustcart.call_script(900007) ->> 'title', 'Ours', 'the first in rank that fits; the shop may add its own');

select * from finish();
rollback;

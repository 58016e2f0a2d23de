-- POST /crm-automation/engagement
begin;
select plan(11);

insert into trustcart.customers (id) values (1);
select ok(
    trustcart_api.log_engagement(1, 'offer_sent', 'whatsapp', 'Special 20% discount on honey', 'positive') @>
    '{"customer_id": 1, "engagement_type": "offer_sent", "channel": "whatsapp",
    "content": "Special 20% discount on honey", "response": "positive"}',
    'the guide''s body comes back as a row'
);
select matches(
    trustcart_api.log_engagement(1, ' Call ') ->> 'created_at', '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$',
    'only customer and type are needed; the time is ISO 8601'
);
select results_eq(
    'select e.engagement_type::text, e.channel::text, e.content, e.response::text from trustcart.customer_engagement_history as e order by e.id',
    $$values ('offer_sent', 'whatsapp', 'Special 20% discount on honey', 'positive'), ('call', null, null, null)$$, 'written'
);
select is_empty('select * from trustcart_private.contact_days', 'it is no contact');
select throws_ok($$select trustcart_api.log_engagement(null, 'call')$$, 'TC003', 'customerId is required', 'no customer');
select throws_ok($$select trustcart_api.log_engagement(1, ' ')$$, 'TC003', 'engagementType is required', 'no type');
select throws_ok($$select trustcart_api.log_engagement(1, 'a call')$$, 'TC005', null, 'no word');
select throws_ok($$select trustcart_api.log_engagement(1, 'call', 'what''s app')$$, 'TC005', null, 'no word either');
select throws_ok($$select trustcart_api.log_engagement(1, 'call', 'phone', 'x', 'maybe')$$, 'TC002', null, 'response');
select throws_ok($$select trustcart_api.log_engagement(99, 'call')$$, 'TC004', null, 'unknown customer');
select is((select count(*) from trustcart.customer_engagement_history), 2::bigint, 'nothing else was written');

select * from finish();
rollback;

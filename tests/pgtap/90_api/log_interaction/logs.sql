-- POST /cdm/interaction
begin;
select plan(11);

insert into trustcart.users (id, name) values (5, 'Agent 5');
insert into trustcart.customers (id, first_name) values (1, 'John');

select ok(
    trustcart_api.log_interaction(
        1, 'call', 'outbound', 'Product inquiry', 'Customer asked about honey prices', 'successful', 5,
        (trustcart.business_date() + 2)::text
    ) @> jsonb_build_object(
        'customer_id', 1, 'interaction_type', 'call', 'direction', 'outbound', 'subject', 'Product inquiry',
        'details', 'Customer asked about honey prices', 'outcome', 'successful', 'agent_name', 'Agent 5',
        'follow_up_date', trustcart.business_date() + 2
    ),
    'the guide''s body comes back as a row'
);
select matches(
    trustcart_api.log_interaction(1, 'sms') ->> 'interaction_date', '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$',
    'only customer and type are needed; the time is ISO 8601'
);
select is((select count(*) from trustcart.customer_interactions), 2::bigint, 'written');
select throws_ok($$select trustcart_api.log_interaction(null, 'call')$$, 'TC003', 'customerId is required', 'no customer');
select throws_ok($$select trustcart_api.log_interaction(1, ' ')$$, 'TC003', 'interactionType is required', 'no type');
select throws_ok($$select trustcart_api.log_interaction(1, 'fax')$$, 'TC002', null, 'unknown type');
select throws_ok($$select trustcart_api.log_interaction(1, 'call', 'sideways')$$, 'TC002', null, 'unknown direction');
select throws_ok($$select trustcart_api.log_interaction(99, 'call')$$, 'TC004', null, 'unknown customer');
select throws_ok(
    $$select trustcart_api.log_interaction(1, 'call', p_agent_id => 99)$$, 'TC004', null, 'unknown agent'
);
select throws_ok(
    $$select trustcart_api.log_interaction(1, 'call', p_follow_up_date => '2025-13-40')$$, 'TC001', null, 'no date'
);
select throws_ok(
    $$select trustcart_api.log_interaction(1, 'call', p_follow_up_date => '2020-01-01')$$, 'TC204', null, 'past'
);

select * from finish();
rollback;

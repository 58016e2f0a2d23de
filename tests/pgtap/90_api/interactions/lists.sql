-- GET /cdm/interactions/:customerId
begin;
select plan(7);

insert into trustcart.users (id, name) values (5, 'Agent 1');
insert into trustcart.customers (id, first_name) values (1, 'John'), (2, 'Jane');
insert into trustcart.customer_interactions
    (id, customer_id, interaction_type, direction, subject, outcome, agent_id, interaction_date)
select g.n, 1, 'call', 'outbound', 'Follow-up on order', 'successful', 5, timestamptz '2025-12-15 10:30Z' - make_interval(days => g.n::integer - 1)
from generate_series(1, 25) as g (n);

select ok(
    trustcart_api.interactions(1) -> 0 @> '{
        "id": 1, "interaction_type": "call", "direction": "outbound", "subject": "Follow-up on order",
        "outcome": "successful", "agent_name": "Agent 1", "interaction_date": "2025-12-15T10:30:00Z"
    }',
    'an item is the guide''s, the newest first'
);
select is(jsonb_array_length(trustcart_api.interactions(1)), 20, 'twenty unless told');
select is(jsonb_path_query_array(trustcart_api.interactions(1, 3), '$[*].id'), '[1, 2, 3]', 'or as many as told');
select is(trustcart_api.interactions(2), '[]', 'none is an empty array');
select throws_ok($$select trustcart_api.interactions(null)$$, 'TC003', 'customerId is required', 'no customer');
select throws_ok($$select trustcart_api.interactions(99)$$, 'TC004', null, 'unknown customer');
select throws_ok($$select trustcart_api.interactions(1, 0)$$, 'TC005', null, 'no rows to ask for');

select * from finish();
rollback;

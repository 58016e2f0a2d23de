begin;
select plan(9);

insert into trustcart_private.call_requests (request_id, operation, arguments, requested_at) values
('old', 'f', '[]', timestamptz '2025-06-30 00:00+06' - interval '30 days 1 second'),
('recent', 'f', '[]', timestamptz '2025-06-30 00:00+06' - interval '30 days');
insert into trustcart.users (id, name, role) values (5, 'Agent', 'crm_agent');
insert into trustcart_private.answered_requests (
    user_id, key_digest, endpoint, fingerprint, http_status, answer, answered_at
)
select 5, sha256(k.name::bytea), 'POST /cdm/interaction', sha256('body'), 201, '', k.answered_at
from (
    values
    ('old', timestamptz '2025-06-29 00:00+06' - interval '1 second'), ('recent', timestamptz '2025-06-29 00:00+06')
) as k (name, answered_at);
insert into trustcart.customers (id, is_active, updated_at) values
(1, false, '2024-01-01 00:00+06'), (2, true, '2024-01-01 00:00+06');
insert into trustcart.customer_interactions (customer_id, interaction_type, details, interaction_date) values
(1, 'call', 'old', '2025-01-01 10:00+06'), (1, 'call', 'recent', '2025-06-01 10:00+06');
select is(
    trustcart.apply_retention('2025-06-30'),
    '{"as_of": "2025-06-30", "call_requests": 1, "answered_requests": 1, "free_text": {}, "customers_erased": 0,
    "late_rows": {}, "is_complete": true}',
    'by default requests of thirty days ago, answers of the day before yesterday, and nothing else'
);
select results_eq('select request_id from trustcart_private.call_requests', array['recent'], 'to the second');
select results_eq(
    'select key_digest from trustcart_private.answered_requests', $$ values (sha256('recent')) $$, 'of answers too'
);
update trustcart.settings set free_text_keep_months = 3;
select is(
    trustcart.apply_retention('2025-06-30') -> 'free_text', '{"customer_interactions": 1}', 'words of more than that'
);
select results_eq(
    'select details from trustcart.customer_interactions order by interaction_date', $$ values (null), ('recent') $$,
    'younger ones stay'
);
update trustcart.settings set inactive_customers_keep_months = 6;
select is(trustcart.apply_retention('2025-06-30') -> 'customers_erased', '0', 'a contact is too near');
-- A year typed wrongly removes nothing ahead of its time.
select is(
    trustcart.apply_retention('2199-01-01') ->> 'as_of', trustcart.business_date()::text, 'no later than today'
);
select results_eq(
    'select id, erased_at is not null from trustcart.customers order by id', 'values (1::bigint, true), (2, false)',
    'the closed account, not the open one'
);
select throws_ok($$ select trustcart.apply_retention('infinity') $$, 'TC001', null, 'no date');

select * from finish();
rollback;

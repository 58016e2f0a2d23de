-- What is shown of each column of an audited table: a new one of text or dates must be decided here.
begin;
select plan(7);

create temporary view treated as
select distinct
    c.relname || '.' || a.attname as name,
    c.relname::text ~ '^(customer|sales_|crm_|user|agent_leave)' as is_about_people,
    trustcart_private.audit_treatment(c.relname::text, a.attname::text) as treatment
from pg_catalog.pg_class as c
inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
inner join pg_catalog.pg_type as y on y.oid = a.atttypid
inner join pg_catalog.pg_trigger as t on t.tgrelid = c.oid
where
    t.tgfoid in ('trustcart.log_audit_trail()'::regprocedure, 'trustcart_private.log_audit_rows()'::regprocedure)
    and coalesce(nullif(y.typbasetype, 0), y.oid)::regtype::text in (
        'text', 'text[]', 'jsonb', 'bytea', 'date', 'daterange', 'uuid', 'inet'
    );

select set_eq(
    $$ select name from treated where is_about_people and treatment = 'plain' $$,
    array[
        'agent_leave.during', 'crm_call_tasks.first_planned_on', 'crm_call_tasks.follow_up_date',
        'crm_call_tasks.priority', 'crm_call_tasks.source', 'crm_call_tasks.status', 'crm_call_tasks.task_date',
        'crm_call_tasks.task_type', 'crm_call_tasks.why_agent', 'customer_consents.channel', 'customer_consents.source',
        'customer_contact_preferences.language', 'customer_contact_preferences.time_zone',
        'customer_family_members.relationship', 'customer_interactions.direction',
        'customer_interactions.follow_up_date', 'customer_interactions.interaction_type', 'customer_phone_flags.flag',
        'customers.city', 'customers.district', 'customers.gender', 'sales_orders.coupon_code',
        'sales_orders.order_date', 'sales_orders.order_number',
        'sales_orders.payment_method', 'sales_orders.status', 'users.db_role', 'users.name', 'users.role'
    ],
    'of people this can be read'
);
select set_eq(
    $$ select name, treatment from treated where treatment not in ('plain', 'skip') $$,
    $$ values
    ('agent_leave.reason', 'text'), ('crm_call_tasks.close_reason', 'text'), ('crm_call_tasks.notes', 'text'),
    ('crm_call_tasks.outcome', 'word'), ('crm_call_tasks.reasons', 'text'),
    ('customer_family_members.address', 'text'), ('customer_family_members.anniversary_date', 'day'),
    ('customer_family_members.date_of_birth', 'day'), ('customer_family_members.name', 'name'),
    ('customer_family_members.notes', 'text'), ('customer_family_members.phone', 'address'),
    ('customer_erasures.reason', 'text'), ('customer_erasures.result', 'text'), ('customer_merges.moved', 'text'),
    ('customer_merges.overwritten', 'text'), ('customer_merges.reason', 'text'),
    ('customer_interactions.details', 'text'), ('customer_interactions.outcome', 'word'),
    ('customer_interactions.subject', 'text'), ('customer_phone_flags.phone', 'address'),
    ('sales_order_items.product_name', 'text'), ('customers.address', 'text'), ('customers.anniversary_date', 'day'), ('customers.date_of_birth', 'day'),
    ('customers.email', 'address'), ('customers.first_name', 'name'), ('customers.last_name', 'name'),
    ('customers.mobile', 'address'), ('customers.notes', 'text'), ('customers.phone', 'address'),
    ('sales_orders.notes', 'text'), ('user_credentials.password_hash', 'secret'), ('users.email', 'address') $$,
    'this is masked'
);
select is(
    array(
        select trustcart_private.audit_treatment('marketing_campaigns', c)
        from unnest(array['api_key', 'password_hash', 'access_token', 'client_secret', 'key', 'phone_cipher']) as c
    ),
    array_fill('secret'::text, array[6]), 'a secret is one by its name, in whatever table'
);
select is(trustcart_private.audit_treatment('settings', 'monkey'), 'plain', 'a monkey is not a key');
select is(
    trustcart_private.audit_treatment('customers', 'religion'), 'text', 'what nobody decided about people is masked'
);
select is(
    array[
        trustcart_private.audit_mask('text', '["Asha"]'), trustcart_private.audit_mask('secret', '12345'),
        trustcart_private.audit_mask('name', 'null'), trustcart_private.audit_mask('word', '"!"'),
        trustcart_private.audit_mask('day', '"1990-05-17"')
    ],
    array['"***"', '"***"', 'null', '"***"', '"1990-**-**"']::jsonb[], 'and so are lists; null stays null'
);
with made as (
    insert into trustcart_private.phone_keys (purpose, check_value) values ('data', sha256('')) returning id
)
insert into trustcart_private.phone_vault (token, cipher, key_id, masked)
select 'enc:mobile:' || repeat('a', 64), '\x00', m.id, '+88017***67' from made as m;
select is(
    array[
        trustcart_private.audit_mask('address', to_jsonb('enc:mobile:' || repeat('a', 64))),
        trustcart_private.audit_mask('address', to_jsonb('enc:mobile:' || repeat('b', 64)))
    ],
    array['"+88017***67"', '"***"']::jsonb[], 'of an encrypted number the mask of the number, or nothing'
);

select * from finish();
rollback;

-- The page: a head, and what the tab shows; that it was read is on record.
begin;
select plan(17);

insert into trustcart.users (id, name, role, db_role) values (5, 'Manager', 'crm_manager', session_user),
(6, 'Agent', 'crm_agent', null);
insert into trustcart.customers (id, first_name, last_name, phone, mobile, address, assigned_agent_id) values
(1, 'John', 'Doe', '01711223344', 'extension 12', 'Road 1', 6), (2, null, null, null, null, null, null),
(3, 'Jon', 'Doe', '01711223355', null, null, null);
insert into trustcart.customer_phone_flags (customer_id, phone) values (1, '+8801711223344');
insert into trustcart.customer_family_members (customer_id, name, relationship) values (1, 'Jane', 'spouse');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)
values (7, 1, 6, 'follow_up', trustcart.business_date());
create temporary view shown as select trustcart_api.page_customer(1) as page;

select ok(
    (select s.page -> 'customer' from shown as s) @> jsonb_build_object(
        'customer_id', 1, 'name', 'John Doe', 'address', 'Road 1', 'agent_name', 'Agent', 'is_active', true,
        'merged_into_id', null, 'erased_at', null, 'lifecycle_stage', 'prospect', 'family_members_count', 1
    ),
    'the head'
);
select is(
    (select s.page #> '{customer,numbers}' from shown as s),
    '[{"kind": "phone", "number": "01711223344", "dial": "+8801711223344", "is_mobile": true, "is_wrong": true},
    {"kind": "mobile", "number": "extension 12", "dial": null, "is_mobile": null, "is_wrong": false}]',
    'numbers: to dial, if they can be, and which is wrong'
);
select is((select s.page -> 'frame' ->> 'name' from shown as s), 'Manager', 'the frame');
select is((select s.page #>> '{open_calls,0,agent_name}' from shown as s), 'Agent', 'the open call');
select is((select s.page #>> '{consents,0}' from shown as s)::jsonb -> 'granted', 'true', 'the consents');
select ok(
    (select s.page -> 'call_types' from shown as s) @> '[{"task_type": "follow_up"}]', 'what a call may be about'
);
select set_eq(
    format('select k from jsonb_object_keys(trustcart_api.page_customer(1, %L)) as k', t.tab),
    format(
        $$select k from jsonb_object_keys((select page from shown)) as k
        where k not in ('orders', 'spend_by_month', 'dropoff', 'recommendations') union select unnest(%L::text[])$$,
        t.keys
    ),
    'the tab ' || t.tab
)
from (
    values
    ('family', '{family}'), ('interactions', '{timeline}'), ('360', '{intelligence,classifications,timeline}'),
    (
        'behavior',
        '{behavior,orders_looked_at,payment_methods,hours,weekdays,gaps,categories,products,carts,preferences}'
    )
) as t (tab, keys);
select is(
    trustcart_api.page_customer(2) #> '{customer,numbers}', '[]', 'a customer of whom next to nothing is known'
);
create temporary table looked as select count(*) as times from trustcart.audit_logs as a where a.action = 'view';
select lives_ok('select trustcart_api.page_customer(1, ''360'')', 'somebody looks');
select results_eq(
    $$select a.user_id, a.customer_id from trustcart.audit_logs as a where a.action = 'view'
    order by a.id offset (select l.times from looked as l)$$,
    $$values (5::bigint, 1::bigint)$$,
    'and is on record, once'
);
select lives_ok('select trustcart.merge_customers(1, 3)', 'one who is two');
select is(trustcart_api.page_customer(3) #> '{customer,merged_into_id}', '1', 'where the other one went');
select is(trustcart_api.page_customer(3) #> '{customer,numbers,0,dial}', 'null', 'nobody calls a closed account');
select throws_ok('select trustcart_api.page_customer(1, ''secrets'')', 'TC002', null, 'no tab of ours');

select * from finish();
rollback;

begin;
select plan(3);

insert into trustcart.customers (id) values (1), (2), (3), (4);
select trustcart.erase_customer(1), trustcart.merge_customers(2, 3);
select throws_ok(
    $$ insert into trustcart.customer_interactions (customer_id, interaction_type) values (4, 'call'), (1, 'call') $$,
    'TC111', 'customer 1 was erased', 'nothing is written about who was erased'
);
select throws_ok(
    $$ insert into trustcart.crm_call_tasks (customer_id, task_date) values (3, trustcart.business_date()) $$,
    'TC111', 'customer 3 was merged into customer 2', 'nor about who was merged'
);
select set_eq(
    $$ select c.relname::text from pg_trigger as t inner join pg_class as c on t.tgrelid = c.oid where t.tgname like '%\_refuse\_gone' $$,
    array[
        'crm_call_tasks', 'crm_call_attempts', 'customer_contact_preferences', 'customer_phone_flags',
        'campaign_messages', 'customer_family_members', 'customer_interactions'
    ],
    'wherever something is planned, sent or noted'
);

select * from finish();
rollback;

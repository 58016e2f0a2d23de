-- When the announcing triggers fire. That a notification arrives, tests/python/test_live.py shows.
begin;
select plan(3);

select is(
    (
        select jsonb_object_agg(substring(t.tgname::text from 'announce_(.*)'), (t.tgtype & 1) = 1)
        from pg_trigger as t
        where t.tgrelid = 'trustcart.crm_call_tasks'::regclass and t.tgname ~ 'announce'
    ),
    '{"delete": false, "insert": false, "truncate": false, "update": true}',
    'a statement of new calls is told as one; updates by row, for those that nobody sees are passed over'
);
insert into trustcart.users (id, name) values (1, 'A');
insert into trustcart.customers (id, first_name) values (1, 'C');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date());
select lives_ok(
    $$update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() where id = 1;
    update trustcart.crm_call_tasks set assigned_agent_id = null, due_at = now() where id = 1$$,
    'calls of somebody, and of nobody'
);
select lives_ok('delete from trustcart.crm_call_tasks', 'and deleted ones');

select * from finish();
rollback;

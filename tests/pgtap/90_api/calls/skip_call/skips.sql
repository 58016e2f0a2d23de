-- A call is not made, and why.
begin;
select plan(5);

create role agent_one login in role trustcart_agent;
insert into trustcart.users (id, name, db_role) values (1, 'One', 'agent_one'), (2, 'Two', null);
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 2) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date()), (2, 2, 2, trustcart.business_date());

select is(told('agent_one', $$select trustcart_api.skip_call(1, ' ')$$), 'TC003', 'a reason is asked for');
select is(
    told('agent_one', $$select trustcart_api.skip_call(1, 'came to the shop', 'bought honey') ->> 'status'$$), 'skipped',
    'skipped'
);
select is(
    (select array[t.close_reason, t.notes] from trustcart.crm_call_tasks as t where t.id = 1),
    array['came to the shop', 'bought honey'], 'with the reason and a note'
);
select is(told('agent_one', $$select trustcart_api.skip_call(1, 'again')$$), 'TC102', 'once');
select is(told('agent_one', $$select trustcart_api.skip_call(2, 'why not')$$), 'TC403', 'another agent''s is not');

select * from finish();
rollback;

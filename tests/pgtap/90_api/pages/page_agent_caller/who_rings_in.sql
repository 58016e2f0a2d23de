-- Who rings in: whose customer, and whose call.
begin;
select plan(6);

create role agent_one login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role) values
(1, 'One', 'agent_one', 'crm_agent'), (2, 'Two', null, 'crm_agent'), (3, 'Boss', 'boss', 'crm_manager');
insert into trustcart.customers (id, first_name, phone, assigned_agent_id)
values (1, 'Mine', '01711000001', 1), (2, 'Not mine', '01711000002', 2), (3, 'Both', '01711000002', 1);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
values (1, 1, 1, trustcart.business_date()), (2, 2, 2, trustcart.business_date());

select is(
    told('agent_one', $$select trustcart_api.page_agent_caller('01711-000001') #> '{callers,0}'$$)::jsonb
    @> '{"customer_id": 1, "customer_name": "Mine", "open_task_id": 1, "is_yours": true, "open_task_is_yours": true}',
    true, 'one''s own customer, with one''s own call'
);
select is(
    told('agent_one', $$select jsonb_path_query_array(trustcart_api.page_agent_caller('01711000002'),
    '$.callers[*] ? (@.customer_id == 2)') -> 0$$)::jsonb
    @> '{"is_yours": false, "open_task_is_yours": false, "agent_name": "Two"}', true, 'another''s'
);
select is(
    told('agent_one', $$select jsonb_array_length(trustcart_api.page_agent_caller('01711000002') -> 'callers')$$), '2',
    'all who have the number'
);
select is(
    told('boss', $$select bool_and((c ->> 'is_yours')::boolean) from
    jsonb_array_elements(trustcart_api.page_agent_caller('01711000002') -> 'callers') as c$$), 'true',
    'a manager may open all'
);
select is(told('agent_one', $$select trustcart_api.page_agent_caller('01999999999') -> 'callers'$$), '[]', 'nobody');
select is(told('agent_one', $$select trustcart_api.page_agent_caller(' ')$$), 'TC003', 'no number');

select * from finish();
rollback;

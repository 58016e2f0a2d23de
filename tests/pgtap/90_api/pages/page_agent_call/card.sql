-- The card of a call: everything that one needs on the phone, for who works it.
begin;
select plan(17);

create role agent_one login in role trustcart_agent;
create role agent_two login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(2, 'Two', 'agent_two', 'crm_agent', null), (4, 'Boss', 'boss', 'crm_manager', null);
insert into trustcart.customers (id, first_name, phone, mobile) values (1, 'Rahim', '01711000001', '0171 100 0002'), (2, 'X', null, null);
insert into trustcart.customer_family_members (customer_id, name, relationship) values (1, 'Karima', 'spouse');
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, subject)
select 1, 'call', 'outbound', 'S' || g.n from generate_series(1, 7) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, reasons)
values (1, 1, 1, trustcart.business_date(), '[{"task_type": "other"}]'), (2, 2, 2, trustcart.business_date(), '[]'),
(3, 2, 1, trustcart.business_date() + 1, '[]');
select trustcart.flag_wrong_number(1);
create temporary table page as select told('agent_one', 'select trustcart_api.page_agent_call(1)')::jsonb as p;

select is(
    (select g.p #> '{customer,phones}' from page as g),
    '[{"number": "0171 100 0002", "dial": "+8801711000002", "is_wrong": false},
    {"number": "01711000001", "dial": "+8801711000001", "is_wrong": true}]',
    'the number to dial first, then the one that is not the customer''s'
);
select is((select g.p #>> '{customer,name}' from page as g), 'Rahim', 'the name');
select is((select g.p #> '{script,reasons}' from page as g), '[{"task_type": "other"}]', 'why, in the script');
select is((select jsonb_array_length(g.p -> 'interactions') from page as g), 5, 'the last five contacts');
select is((select g.p #>> '{family,0,name}' from page as g), 'Karima', 'the family');
select is(
    (select jsonb_path_query_array(g.p, '$.outcomes[*].outcome') from page as g),
    '["successful", "no_answer", "busy", "follow_up_needed", "not_interested", "wrong_number"]', 'the outcomes'
);
select is((select g.p #>> '{task,can_work}' from page as g), 'true', 'the agent works it');
select is((select g.p -> 'refusals' from page as g), '[]', 'nothing speaks against it');
select is((select g.p -> 'do_not_call' from page as g), 'false', 'least of all the customer');
select is(told('leader', $$select trustcart_api.page_agent_call(1) #>> '{task,can_work}'$$), 'false', 'a leader looks on');
select is(told('boss', $$select trustcart_api.page_agent_call(1) #>> '{task,can_work}'$$), 'false', 'so does a manager');
select is(told('agent_two', 'select trustcart_api.page_agent_call(1)'), 'TC403', 'another agent does not');
select is(told('agent_one', 'select trustcart_api.page_agent_call(99)'), 'TC004', 'no such call');
select is(
    told('agent_one', $$select trustcart_api.page_agent_call(3) #>> '{task,can_work}'$$), 'false', 'tomorrow''s is not worked'
);
select throws_ok('select trustcart_api.page_agent_call(null)', 'TC003', null, 'which?');
select is(
    (select count(*) from trustcart.audit_logs as l where l.action = 'view' and l.record_id = 1 and l.user_id = 1), 1::bigint,
    'that it was looked at is on record'
);
select trustcart_api.record_call_outcome(1, 'busy', p_do_not_call => true);
select is(
    told('agent_one', $$select jsonb_build_array(c -> 'do_not_call', c #> '{task,can_undo}', c #> '{task,status}')
    from trustcart_api.page_agent_call(1) as c$$),
    '[true, true, "completed"]', 'who refused calls, and that it can be undone'
);

select * from finish();
rollback;

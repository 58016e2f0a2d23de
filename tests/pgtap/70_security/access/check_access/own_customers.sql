-- An agent's customers: assigned, on an open call, on one finished in 7 days, claimed; a leader's: the team's.
begin;
select plan(13);

create role agent_one login in role trustcart_agent;
create role agent_two login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(2, 'Two', 'agent_two', 'crm_agent', null), (4, 'Boss', 'boss', 'crm_manager', null);
insert into trustcart.customers (id, assigned_agent_id) values
(1, 1), (2, null), (3, null), (4, null), (5, null), (6, 2);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, status, outcome) values
(2, 2, 1, trustcart.business_date(), 'pending', null),
(3, 3, 1, trustcart.business_date(), 'completed', 'successful'),
(4, 4, null, trustcart.business_date(), 'pending', null);
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() where id = 4;

select is(told('agent_one', 'select trustcart.check_access(1)'), '1', 'assigned');
select is(told('agent_one', 'select trustcart.check_access(2)'), '2', 'on an open call');
select is(told('agent_one', 'select trustcart.check_access(3)'), '3', 'called today');
select is(told('agent_one', 'select trustcart.check_access(4)'), '4', 'claimed from the pool');
select is(told('agent_one', 'select trustcart.check_access(5)'), 'TC403', 'nobody''s');
select is(told('agent_one', 'select trustcart.check_access(6)'), 'TC403', 'another agent''s');
select is(told('agent_one', 'select trustcart.check_access(99)'), 'TC004', 'one that is not there');

create temporary view customers_seen as
select 'select string_agg(id::text, '','' order by id) from trustcart.customers'::text as asked;
select is(told('agent_one', asked), '1,2,3,4', 'the table shows the same four') from customers_seen;
select is(told('leader', asked), '1,2,3,4', 'the leader sees the team''s') from customers_seen;
select is(told('agent_two', asked), '6', 'the other agent sees none of them') from customers_seen;
select is(told('boss', asked), '1,2,3,4,5,6', 'the manager all') from customers_seen;
select is(told('boss', 'select trustcart.check_access(5)'), '5', 'and may ask for each');

update trustcart.crm_call_tasks set assigned_agent_id = 2 where id = 2;
select is(told('agent_one', asked), '1,3,4', 'a call given away takes its customer along') from customers_seen;

select * from finish();
rollback;

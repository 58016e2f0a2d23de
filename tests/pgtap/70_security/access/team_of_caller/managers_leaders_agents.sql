begin;
select plan(5);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
create role nobody_known login in role trustcart_agent;
insert into trustcart.users (id, name, db_role, role, team_leader_id, is_active) values
(3, 'Leader', 'leader', 'crm_agent', null, true), (1, 'One', 'agent_one', 'crm_agent', 3, true),
(2, 'Left', null, 'crm_agent', 3, false), (4, 'Boss', 'boss', 'crm_manager', null, true),
(5, 'Elsewhere', null, 'crm_agent', null, true);
create function tap.team() returns text language sql security definer
set search_path = pg_catalog, pg_temp
as 'select (select array_agg(x order by x) from unnest(trustcart_private.team_of_caller()) as x)::text';
grant usage on schema tap to public;

select is(told('leader', 'select tap.team()'), '{1,2,3}', 'a leader: the team, those who left included, and the leader');
select is(told('boss', 'select tap.team()'), 'null', 'a manager: everybody');
select is(told('agent_one', 'select tap.team()'), 'TC403', 'an agent has no team');
select is(told('nobody_known', 'select tap.team()'), 'TC403', 'nobody has none');
update trustcart.users set is_active = false where id = 1;
select is(told('leader', 'select tap.team()'), 'TC403', 'who leads only those who left, leads nobody');

select * from finish();
rollback;

-- For whom one may act: an agent for oneself, a leader for the team, others for everybody.
begin;
select plan(7);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(2, 'Two', null, 'crm_agent', null);

-- It returns nothing, which reads as an empty text.
select is(told(t.login, format('select trustcart.check_agent_access(%s)', t.agent_id)), t.expected, t.what)
from (
    values
    ('agent_one', '1', '', 'oneself'),
    ('agent_one', 'null', '', 'nobody in particular'),
    ('agent_one', '2', 'TC403', 'not another'),
    ('agent_one', '3', 'TC403', 'nor the own leader'),
    ('leader', '1', '', 'a leader for the team'),
    ('leader', '2', 'TC403', 'and for nobody beyond it'),
    ('boss', '2', '', 'a manager for everybody')
) as t (login, agent_id, expected, what);

select * from finish();
rollback;

-- Agents see the pages of their work, leaders their team's, managers all; nobody sees none.
begin;
select plan(6);

create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
create role chief login in role trustcart_admin;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null), (5, 'Chief', 'chief', 'admin', null);

select is(
    told(t.login, 'select trustcart_api.page_frame() -> ''pages'''), t.expected, t.what
)
from (
    values
    ('agent_one', '["crm", "agent", "customers"]', 'an agent'),
    ('leader', '["crm", "agent", "customers", "team"]', 'a leader'),
    ('boss', '["crm", "agent", "customers", "team", "automation"]', 'a manager'),
    ('chief', '["crm", "agent", "customers", "team", "automation"]', 'an admin')
) as t (login, expected, what);

select is(
    told('agent_one', $$select (trustcart_api.page_frame() - 'pages' - 'now')::text$$),
    jsonb_build_object(
        'user_id', 1, 'name', 'One', 'role', 'crm_agent', 'is_leader', false,
        'business_date', trustcart.business_date(), 'time_zone', 'Asia/Dhaka'
    )::text,
    'who it is, and the shop''s date and zone'
);

update trustcart.users set is_active = false where id = 1;
select is(told('agent_one', 'select trustcart_api.page_frame()'), 'TC402', 'a disabled user is nobody');

select * from finish();
rollback;

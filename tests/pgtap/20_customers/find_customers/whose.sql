-- An agent finds own customers only, a leader those of the team; nobody's filters tell of others.
begin;
select plan(9);

create role lists_agent login in role trustcart_agent;
create role lists_leader login in role trustcart_agent;
create role lists_manager login in role trustcart_manager;
insert into trustcart.users (id, name, role, db_role, team_leader_id)
values (2, 'Leader', 'crm_agent', 'lists_leader', null), (1, 'Agent', 'crm_agent', 'lists_agent', 2),
(3, 'Other', 'crm_agent', null, null), (4, 'Manager', 'crm_manager', 'lists_manager', null);
insert into trustcart.customers (id, first_name, phone, email, assigned_agent_id)
values (1, 'Rahima', '01711111111', 'a@example.com', 1), (2, 'Rahim', '01722222222', 'b@example.com', 3),
(3, 'Rahela', null, null, 2), (4, 'Rahmat', null, null, 1), (5, 'Rahman', null, null, 1);
select trustcart.merge_customers(1, 5);

select is(
    tap.told('lists_agent', 'select f.customer_ids from trustcart.find_customers() as f'), '{4,1}', 'the agent''s own'
);
select is(
    tap.told('lists_agent', 'select f.customer_ids from trustcart.find_customers(''rah'') as f'), '{4,1}', 'by name'
);
select is(
    tap.told('lists_agent', 'select f.customer_ids from trustcart.find_customers(''rahman'') as f'), '{1}',
    'by the name of one merged into an own'
);
select is(
    tap.told('lists_agent',
        'select f.customer_ids || f.match_count from trustcart.find_customers(''01722222222'') as f'),
    '{0}', 'not by another''s number'
);
select is(
    tap.told('lists_agent',
        'select f.customer_ids || f.match_count from trustcart.find_customers(''b@example.com'') as f'),
    '{0}', 'nor address'
);
select is(
    tap.told('lists_agent',
        'select f.customer_ids || f.match_count from trustcart.find_customers(''2'') as f'), '{0}',
    'nor id'
);
select is(
    tap.told('lists_leader', 'select f.customer_ids from trustcart.find_customers(''rah'') as f'), '{4,3,1}',
    'the team''s'
);
select is(
    tap.told('lists_manager', 'select f.customer_ids from trustcart.find_customers(''rah'') as f'), '{4,3,2,1}',
    'everybody''s'
);
select is(
    tap.told('lists_agent', 'select jsonb_array_length(trustcart_api.list_customer360())'), '3',
    'so does the list, which has those merged as well'
);

select * from finish();
rollback;

-- Agents read the names of colleagues whose rows they do not see.
begin;
select plan(3);

create role agent_one login in role trustcart_agent;
insert into trustcart.users (id, name, db_role) values (1, 'One', 'agent_one'), (2, 'Two', null);

select is(told('agent_one', 'select name from trustcart.users where id = 2'), 'null', 'the row is hidden');
select is(told('agent_one', 'select trustcart.user_name(2)'), 'Two', 'the name is not');
select is(told('agent_one', 'select trustcart.user_name(99)'), 'null', 'nobody has none');

select * from finish();
rollback;

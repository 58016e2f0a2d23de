-- One's own address, and nobody else's.
begin;
select plan(3);

create role agent_one login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, email, db_role, role) values
(1, 'One', 'one@example.com', 'agent_one', 'crm_agent'), (4, 'Boss', null, 'boss', 'crm_manager');

select is(told('agent_one', 'select trustcart_api.page_password() ->> ''email'''), 'one@example.com', 'one''s own');
select is(told('boss', 'select trustcart_api.page_password() -> ''email'''), 'null', 'or none');
update trustcart.users set is_active = false where id = 1;
select is(told('agent_one', 'select trustcart_api.page_password()'), 'TC402', 'a disabled user is nobody');

select * from finish();
rollback;

-- The login role tells who is asking; claims count of a gateway alone.
begin;
select plan(10);

create role agent_one login in role trustcart_agent;
create role stranger login in role trustcart_agent;
create role web login in role trustcart_gateway;
insert into trustcart.users (id, name, db_role, role, is_active) values
(1, 'One', 'agent_one', 'crm_agent', true), (2, 'Two', null, 'crm_manager', true), (3, 'Gone', null, 'admin', false);

create temporary view who as select 'select trustcart.current_user_id()'::text as asked;
select is(told('agent_one', asked), '1', 'by the login role') from who;
select is(told('stranger', asked), 'null', 'a role that is no user''s') from who;
select is(told('web', asked), 'null', 'a gateway before it says for whom') from who;

select set_config('request.jwt.claims', '{"sub": "2", "role": "admin"}', true);
select is(told('agent_one', asked), '1', 'who is no gateway may claim what they like') from who;
select is(told('web', asked), '2', 'a gateway says for whom') from who;
select set_config('request.jwt.claims', '{"sub": "3"}', true);
select is(told('web', asked), 'null', 'not for a disabled user') from who;
select set_config('request.jwt.claims', '{"sub": "99999999999999999999"}', true);
select is(told('web', asked), 'null', 'a number that is no id') from who;
select set_config('request.jwt.claims', 'not json', true);
select is(told('web', asked), '22P02', 'what is no JSON fails') from who;
select set_config('request.jwt.claims', '[]', true);
select is(told('web', asked), 'null', 'no object, no claim') from who;

update trustcart.users set is_active = false where id = 1;
select is(told('agent_one', asked), 'null', 'a disabled user is nobody') from who;

select * from finish();
rollback;

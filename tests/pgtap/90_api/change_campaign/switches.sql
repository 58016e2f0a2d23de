-- A campaign is switched off and on.
begin;
select plan(6);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'A', 'x');
select is(trustcart_api.change_campaign(1, false) ->> 'status', 'inactive', 'off');
select is((select is_active from trustcart.marketing_campaigns), false, 'written');
select is(trustcart_api.change_campaign(1, true) ->> 'status', 'active', 'on');
select throws_ok('select trustcart_api.change_campaign(9, true)', 'TC004', null, 'one that there is not');
select throws_ok('select trustcart_api.change_campaign(1, null)', 'TC003', 'isActive is required', 'neither');
select is(told('one', 'select trustcart_api.change_campaign(1, false)'), '42501', 'not an agent''s');

select * from finish();
rollback;

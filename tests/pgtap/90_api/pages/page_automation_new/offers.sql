-- What the form for a campaign offers.
begin;
select plan(4);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

select trustcart.create_segment('rich', '[{"attribute": "total_spend", "at_least": 5000}]');
set session authorization boss;
create temporary table page as select trustcart_api.page_automation_new() as p;
reset session authorization;
select is((select p -> 'segments' from page), '["all", "new", "repeat", "vip", "inactive", "rich"]'::jsonb, 'segments');
select is((select p -> 'variables' -> 0 ->> 'name' from page), 'campaign_name', 'variables');
select is((select p -> 'attribution_days' from page), '7'::jsonb, 'what holds otherwise');
select is(told('one', 'select trustcart_api.page_automation_new()'), '42501', 'not an agent''s');

select * from finish();
rollback;

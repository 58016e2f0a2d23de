-- Before it is confirmed: what sending then does.
begin;
select plan(4);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 5) as g;

insert into trustcart.customers (id, first_name) values (6, 'Silent');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'A', 'Hi {{ first_name }}');
set session authorization boss;
create temporary table page as select trustcart_api.page_automation_preview(1, 2) as p;
reset session authorization;
select is((select p -> 'sent_count' || jsonb_build_array(p -> 'exclusions') from page),
    (select s -> 'sent_count' || jsonb_build_array(s -> 'exclusions') from trustcart.send_campaign(1) as s), 'the same');
select is((select p -> 'messages' -> 0 ->> 'body' from page), 'Hi C1', 'as it reads');
select is(jsonb_array_length(p -> 'messages'), 2, 'as many as asked for') from page;
select is(told('one', 'select trustcart_api.page_automation_preview(1)'), '42501', 'not an agent''s');

select * from finish();
rollback;

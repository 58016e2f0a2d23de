-- One campaign: whether it can be sent, and if not, why.
begin;
select plan(9);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 5) as g;

insert into trustcart.marketing_campaigns (id, campaign_name, message_template, created_by, is_active, holdout_percentage) values
(1, 'A', 'Hi', 4, true, 10), (2, 'Code', 'Use {{ discount_code }}', null, true, 0);
insert into trustcart.campaign_variants (campaign_id, variant, message_template) values (1, 'B', 'b'), (1, 'A', 'a');
set session authorization boss;
create temporary table page as select trustcart_api.page_automation_campaign(1) as p;
reset session authorization;
select ok((select p -> 'campaign' from page) @> '{"id": 1, "status": "active", "is_sent": false, "can_be_sent": true,
    "created_by_name": "Boss", "holdout_percentage": 10, "attribution_days": 7}', 'its columns, and what follows from them');
select is((select p -> 'problem' from page), 'null'::jsonb, 'nothing stands against it');
select is((select p -> 'variants' -> 0 ->> 'variant' from page), 'A', 'its variants in order');
select is(told('boss', $$select trustcart_api.page_automation_campaign(2) ->> 'problem'$$),
    'campaign 2 (Code) has no discount_code, which its text names', 'why it cannot be sent');
select is(told('boss', $$select trustcart_api.page_automation_campaign(2) -> 'campaign' ->> 'can_be_sent'$$), 'false', 'so it cannot');
select trustcart.send_campaign(1);
select is(told('boss', $$select trustcart_api.page_automation_campaign(1) -> 'campaign' ->> 'can_be_sent'$$), 'false', 'nor once it was');
select is(told('boss', $$select trustcart_api.page_automation_campaign(1) -> 'campaign' ->> 'is_sent'$$), 'true', 'which it says');
select is(told('boss', 'select trustcart_api.page_automation_campaign(9)') || told('boss', 'select trustcart_api.page_automation_campaign(null)'),
    'TC004TC003', 'one that there is not');
select is(told('one', 'select trustcart_api.page_automation_campaign(1)'), '42501', 'not an agent''s');

select * from finish();
rollback;

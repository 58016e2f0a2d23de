-- What became of a campaign, by day, variant, reason.
begin;
select plan(8);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 4) as g;
insert into trustcart.customers (id, first_name) values (5, 'Silent');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, discount_code) values (1, 'A', 'x', 'EID');
insert into trustcart.campaign_variants (campaign_id, variant, message_template) values (1, 'A', 'a');
select trustcart.send_campaign(1);
update trustcart.campaign_messages set status = 'sent', sent_at = now() - interval '2 days';
update trustcart.campaign_messages set opened_at = now() - interval '1 day' where customer_id <= 2;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status, coupon_code)
values (1, trustcart.business_date(), 900, 'delivered', 'EID');
set session authorization boss;
create temporary table page as select trustcart_api.page_automation_analytics(1) as p;
reset session authorization;
select ok((select p -> 'performance' from page) @> '{"audience": 4, "sent": 4, "opened": 2, "orders": 1, "revenue": 900, "excluded": 1}',
    'campaign_performance');
select is((select p -> 'exclusions' from page), '[{"reason": "no_address", "customers": 1}]'::jsonb, 'who was left out');
select is((select p -> 'statuses' from page), '[{"status": "sent", "messages": 4}]'::jsonb, 'where the messages are');
select is((select jsonb_array_length(p -> 'days') from page), 3, 'each day from the first message on');
select is((select p -> 'days' -> 0 from page), jsonb_build_object('date', trustcart.business_date() - 2, 'sent', 4, 'opened', 0,
    'responded', 0, 'orders', 0, 'revenue', 0), 'the day it went out');
select is((select p -> 'days' -> 2 from page), jsonb_build_object('date', trustcart.business_date(), 'sent', 0, 'opened', 0,
    'responded', 0, 'orders', 1, 'revenue', 900), 'the day of the order');
select ok((select p -> 'variants' -> 0 from page) @> '{"variant": "A", "sent": 4}', 'the variants');
select is(told('one', 'select trustcart_api.page_automation_analytics(1)'), '42501', 'not an agent''s');

select * from finish();
rollback;

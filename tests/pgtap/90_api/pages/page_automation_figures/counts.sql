-- Figures of the campaigns that are shown.
begin;
select plan(4);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 5) as g;

insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'A', 'x'), (2, 'B', 'x');
select trustcart.send_campaign(1);
update trustcart.campaign_messages set status = 'sent', sent_at = now() where customer_id <= 3;
update trustcart.campaign_messages set delivered_at = now(), opened_at = now() where customer_id <= 2;
update trustcart.campaign_messages set responded_at = now() where customer_id = 1;
select is(
    trustcart_api.page_automation_figures(array[2, 1, 77]),
    '{"campaigns": [
        {"id": 2, "audience": 0, "queued": 0, "sent": 0, "delivered": 0, "opened": 0, "responded": 0, "converted": 0, "revenue": 0},
        {"id": 1, "audience": 5, "queued": 2, "sent": 3, "delivered": 2, "opened": 2, "responded": 1, "converted": 0, "revenue": 0}
    ], "not_counted": []}'::jsonb, 'each that there is'
);
select is(trustcart_api.page_automation_figures('{}'), '{"campaigns": [], "not_counted": []}'::jsonb, 'of none');
select throws_ok('select trustcart_api.page_automation_figures(array_fill(1, array[101]))', 'TC005', null, 'not of a whole shop''s');
select is(told('one', 'select trustcart_api.page_automation_figures(array[1])'), '42501', 'not an agent''s');

select * from finish();
rollback;

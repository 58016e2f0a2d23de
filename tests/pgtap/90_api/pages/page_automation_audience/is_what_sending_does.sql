-- How many a campaign that is typed would reach: what sending the same does.
begin;
select plan(11);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 5) as g;

insert into trustcart.customers (id, first_name, phone) values (6, 'Twin', '01711000001'), (7, 'No number', null);
select trustcart.record_consent(2, 'sms', false);
create temporary table draft as
select trustcart_api.page_automation_audience('Eid', 'sms', 'all', 'Hi {{', p_variants => '[{"variant": "A", "message_template": "{{"}]') as d;
select trustcart_api.create_campaign('Eid', 'sms', 'all', 'Hi', p_variants => '[{"variant": "A", "message_template": "Hi"}]');
create temporary table sent as
select trustcart.send_campaign((select id from trustcart.marketing_campaigns)) as s;
select is((select d -> 'precision' from draft), '"audience"'::jsonb, 'a small shop is counted to the end');
select is((select d -> 'segment_count' from draft), '7'::jsonb, 'the segment');
select is((select d -> 'sent_count' from draft), (select s -> 'sent_count' from sent), 'as many');
select is((select d -> 'exclusions' from draft), (select s -> 'exclusions' from sent), 'and the same left out');
select is((select d -> 'exclusions' from draft), '{"no_consent": 1, "no_address": 1, "duplicate_address": 1}'::jsonb, 'for these reasons');
select is((select d -> 'variants' from draft), '{"A": 4}'::jsonb, 'by variant');
select is(trustcart_api.page_automation_audience(p_target_segment => 'all', p_precision => 'segment') -> 'segment_count', '7'::jsonb,
    'the segment alone');
analyze trustcart.customers;
select is(trustcart_api.page_automation_audience(p_target_segment => 'all', p_precision => 'about') -> 'segment_count', '7'::jsonb,
    'about');
select is(trustcart_api.page_automation_audience('x', 'sms', 'rich') -> 'problem' ->> 'code', 'TC002', 'a segment that is none');
select throws_ok($$select trustcart_api.page_automation_audience(p_precision => 'exactly')$$, 'TC002', null, 'a precision that is none');
select is(
    told('one', $$select trustcart_api.page_automation_audience('Eid', 'sms', 'all')$$) || (select count(*) from trustcart.marketing_campaigns),
    '425011', 'not an agent''s; nothing stays'
);

select * from finish();
rollback;

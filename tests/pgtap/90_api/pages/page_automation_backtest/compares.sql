-- What a change would have made of the last lists.
begin;
select plan(9);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone) values (11, 'A', '01711000001'), (12, 'B', '01711000002');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values
(11, trustcart.business_date() - 10, 100, 'delivered'), (12, trustcart.business_date() - 5, 100, 'delivered');
create temporary table answer as
select trustcart_api.page_automation_backtest('new_customer', '{"isEnabled": "false", "maxCalls": "3", "carryDays": 3}', 7) as a;
select is((select a -> 'changes' from answer), '{"is_enabled": false}'::jsonb, 'what differs alone is a change');
select is((select a -> 'not_simulated' from answer), '["carry_days"]'::jsonb, 'what a replay does not know is said');
select is((select r -> 'calls_before' from answer, jsonb_array_elements(a -> 'rows') as r where r ->> 'scope' = 'total'), '2'::jsonb, 'without');
select is((select r -> 'calls_after' from answer, jsonb_array_elements(a -> 'rows') as r where r ->> 'scope' = 'total'), '0'::jsonb, 'with');
select ok((trustcart_api.page_automation_backtest(null, '{"contactsPerWeek": 1, "claimTimeoutMinutes": 5}', 2)) @> '{"changes": {"contacts_per_week": 1}, "days": 2}',
    'settings too');
select is(trustcart_api.page_automation_backtest('at_risk', '{"maxCalls": 2}') -> 'rows', '[]'::jsonb, 'nothing changes');
select throws_ok($$select trustcart_api.page_automation_backtest('other', '{"isEnabled": false}')$$, 'TC203', null, 'by hand alone');
select throws_ok($$select trustcart_api.page_automation_backtest('at_risk', '{"maxCalls": 2}', 29)$$, 'TC005', null, 'a page''s worth');
select is(told('one', $$select trustcart_api.page_automation_backtest('at_risk', '{"maxCalls": 2}')$$)
    || told('boss', $$select trustcart_api.page_automation_backtest('tea', '{"maxCalls": 2}')$$), '42501TC004', 'refused');

select * from finish();
rollback;

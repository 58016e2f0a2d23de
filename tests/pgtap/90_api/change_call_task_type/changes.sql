-- How calls of a type are planned is changed, and the next plan follows.
begin;
select plan(17);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone) values (11, 'A', '01711000001');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values (11, trustcart.business_date() - 3, 100, 'delivered');
select is((select task_type from trustcart.plan_daily_call_tasks() where decision = 'kept'), 'new_customer', 'called');
select ok(trustcart_api.change_call_task_type('new_customer', '{"isEnabled": false}') @> '{"is_enabled": false, "max_calls": 3}', 'off');
select is((select count(*) from trustcart.plan_daily_call_tasks() where decision = 'kept'), 0::bigint, 'not called any more');
select ok(trustcart_api.change_call_task_type(' New_Customer ', '{"isEnabled": "on", "basePriority": "hot", "maxCalls": " 5 ", "minGapDays": ""}')
    @> '{"is_enabled": true, "base_priority": "hot", "max_calls": 5, "min_gap_days": null}', 'as a form gives it');
select is((select priority from trustcart.plan_daily_call_tasks() where decision = 'kept'), 'hot', 'and planned so');
create temporary table wrong (task_type text, changes text, sqlstate text, message text);
insert into wrong values
(null, '{"maxCalls": 1}', 'TC003', 'taskType is required'),
('tea', '{"maxCalls": 1}', 'TC004', 'there is no type of call ''tea'''),
('at_risk', '{}', 'TC003', 'changes is required'),
('at_risk', '[1]', 'TC005', 'changes is an object, not of type array'),
('at_risk', '{"rank": 1}', 'TC002', 'rank is nothing that can be changed'),
('at_risk', '{"maxCalls": "many"}', 'TC005', 'maxCalls: ''many'' is not a whole number, or far too large'),
('at_risk', '{"maxCalls": 1001}', 'TC005',
    'windowDays, minGapDays and winBackGapDays are from 0 to 3650; maxCalls, maxCallsVip and winBackMaxCalls from 0 to 1000'),
('at_risk', '{"basePriority": "lukewarm"}', 'TC005', 'basePriority is hot, warm or cold, or empty'),
('at_risk', '{"requiredSkill": "two words"}', 'TC005', 'requiredSkill is one word of small letters, digits and _'),
('at_risk', '{"carryDays": null}', 'TC003', 'carryDays is required'),
('at_risk', '{"isEnabled": "perhaps"}', 'TC005', 'isEnabled: ''perhaps'' is neither true nor false');
select throws_ok(format('select trustcart_api.change_call_task_type(%L, %L)', w.task_type, w.changes), w.sqlstate, w.message, w.message)
from wrong as w;
select is(told('one', $$select trustcart_api.change_call_task_type('at_risk', '{"maxCalls": 1}')$$), '42501', 'not an agent''s');

select * from finish();
rollback;

-- The limits of calls are changed, and the next plan follows.
begin;
select plan(20);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone) values (11, 'A', '01711000001');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values (11, trustcart.business_date() - 3, 100, 'delivered');
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date) values
(11, 'email', 'outbound', now() - interval '1 day');
select is((select count(*) from trustcart.plan_daily_call_tasks() where decision = 'kept'), 1::bigint, 'called');
select ok(trustcart_api.change_call_settings('{"contactsPerWeek": "1"}') @> '{"contacts_per_week": 1, "calls_per_agent_day": 1000}', 'changed');
select is((select count(*) from trustcart.plan_daily_call_tasks() where decision = 'kept'), 0::bigint, 'contacted often enough');
select ok(trustcart_api.change_call_settings('{"quietFrom": "21:30", "quietUntil": "09:00", "workingDays": ["1", "2"],
    "claimTimeoutMinutes": "45", "undoWithinMinutes": 0}') @> '{"quiet_from": "21:30", "quiet_until": "09:00", "working_days": [1, 2],
    "claim_timeout_minutes": 45, "undo_within_minutes": 0}', 'all of them');
select ok(trustcart_api.change_call_settings('{"quietFrom": "", "quietUntil": ""}') @> '{"quiet_from": null, "quiet_until": null}', 'none');
select ok(trustcart_api.change_call_settings('{"callOrder": "bands", "callHoldoutShare": "0.05"}')
    @> '{"call_order": "bands", "call_holdout_share": 0.05}', 'who is called first, and who is left out');
create temporary table wrong (changes text, sqlstate text, message text);
insert into wrong values
('{"quietFrom": "21:00"}', 'TC005', 'quietFrom and quietUntil are two different hours, or both empty'),
('{"quietFrom": "soon", "quietUntil": "09:00"}', 'TC005', 'quietFrom: ''soon'' is not an hour of the day'),
('{"contactsPerWeek": 0}', 'TC005', 'contactsPerWeek is from 1 to 1000'),
('{"callsPerAgentDay": ""}', 'TC003', 'callsPerAgentDay is required'),
('{"workingDays": ["8"]}', 'TC005', 'workingDays are from 1 (Monday) to 7 (Sunday), at least one'),
('{"workingDays": [["1", "2"]]}', 'TC005', 'workingDays: ''[["1", "2"]]'' is of the wrong kind'),
('{"claimTimeout": "5 minutes"}', 'TC002', 'claimTimeout is nothing that can be changed'),
('{"claimTimeoutMinutes": "-5"}', 'TC005', 'claimTimeoutMinutes is a whole number of minutes'),
('{"claimTimeoutMinutes": "0"}', 'TC005', 'claimTimeoutMinutes is more than 0'),
('{"callOrder": "size"}', 'TC005', 'callOrder is value or bands'),
('{"callHoldoutShare": "0.6"}', 'TC005', 'callHoldoutShare is from 0 to 0.5'),
('{"vipSpend": 1}', 'TC002', 'vipSpend is nothing that can be changed');
select throws_ok(format('select trustcart_api.change_call_settings(%L)', w.changes), w.sqlstate, w.message, w.message) from wrong as w;
create function pg_temp.hint_of(p_changes jsonb) returns text language plpgsql as $$
declare
    v_hint text;
begin
    perform trustcart_api.change_call_settings(p_changes);
    return null;
exception when others then
    get stacked diagnostics v_hint = pg_exception_hint;
    return v_hint;
end;
$$;
select is(
    pg_temp.hint_of('{"vipSpend": 1}'),
    'What can be changed is contactsPerWeek, quietFrom, quietUntil, callsPerAgentDay, workingDays, claimTimeoutMinutes, '
    'undoWithinMinutes, callOrder, callHoldoutShare.',
    'the names that are understood'
);
select is(told('one', $$select trustcart_api.change_call_settings('{"contactsPerWeek": 1}')$$), '42501', 'not an agent''s');

select * from finish();
rollback;

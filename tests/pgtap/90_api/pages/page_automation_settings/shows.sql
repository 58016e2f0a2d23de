-- What decides the call list.
begin;
select plan(3);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

set session authorization boss;
create temporary table page as select trustcart_api.page_automation_settings() as p;
reset session authorization;
select is((select p -> 'settings' from page), '{"contacts_per_week": 3, "quiet_from": null, "quiet_until": null,
    "calls_per_agent_day": 1000, "working_days": [7, 1, 2, 3, 4], "claim_timeout_minutes": 30, "undo_within_minutes": 10,
    "call_order": "value", "call_holdout_share": 0}'::jsonb, 'settings');
select is((select p -> 'types' -> 0 ->> 'task_type' from page), 'follow_up', 'types by rank');
select is(told('one', 'select trustcart_api.page_automation_settings()'), '42501', 'not an agent''s');

select * from finish();
rollback;

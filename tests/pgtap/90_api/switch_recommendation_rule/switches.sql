-- A rule is switched off and on.
begin;
select plan(5);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.products (id, name) values (1, 'Honey');
insert into trustcart.product_recommendation_rules (id, product_id, rule_name) values (1, 1, 'Keep');
select ok(trustcart_api.switch_recommendation_rule(1, false) @> '{"is_active": false, "rule_name": "Keep"}', 'off');
select ok(trustcart_api.switch_recommendation_rule(1, true) @> '{"is_active": true}', 'on');
select throws_ok('select trustcart_api.switch_recommendation_rule(2, true)', 'TC004', null, 'one that there is not');
select throws_ok('select trustcart_api.switch_recommendation_rule(1, null)', 'TC003', 'isActive is required', 'neither');
select is(told('one', 'select trustcart_api.switch_recommendation_rule(1, false)'), '42501', 'not an agent''s');

select * from finish();
rollback;

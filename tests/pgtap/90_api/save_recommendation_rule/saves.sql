-- A rule is made and changed; what it may say.
begin;
select plan(14);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.categories (id, name) values (1, 'Honey');
insert into trustcart.products (id, name, price) values (1, 'Honey 500g', 500), (2, 'Tea', 300);
create temporary table made as select trustcart_api.save_recommendation_rule(null, 1, ' Honey lovers ', 'HONEY', 'VIP', 12.5) as r;
select ok((select r from made) @> '{"product_id": 1, "rule_name": "Honey lovers", "target_category": "Honey", "target_customer_type": "vip",
    "discount_percentage": 12.5, "is_active": true}', 'made');
select ok(trustcart_api.save_recommendation_rule((select (r ->> 'id')::bigint from made), 2) @> '{"product_id": 2, "rule_name": null,
    "target_category": null, "discount_percentage": null, "is_active": true}', 'replaced');
select is((select count(*) from trustcart.product_recommendation_rules), 1::bigint, 'one rule');
select ok(trustcart_api.save_recommendation_rule((select (r ->> 'id')::bigint from made), 2, p_is_active => false) @> '{"is_active": false}', 'off');
select ok(trustcart_api.save_recommendation_rule((select (r ->> 'id')::bigint from made), 1, 'x') @> '{"is_active": false}', 'stays off');
create temporary table wrong (call text, sqlstate text, message text);
insert into wrong values
('null, null', 'TC003', 'productId is required'),
('null, 9', 'TC004', 'there is no product 9'),
('9999, 1', 'TC004', 'there is no recommendation rule 9999'),
('null, 1, ''x'', ''Gold''', 'TC002', 'there is no category ''Gold'''),
('null, 1, ''x'', null, ''rich''', 'TC005', 'targetCustomerType is new, repeat, vip or inactive, or empty'),
('null, 1, ''x'', null, null, 101', 'TC005', 'discountPercentage is from 0 to 100'),
('null, 1, ''x'', null, null, ''NaN''', 'TC005', 'discountPercentage is from 0 to 100'),
('null, 1, repeat(''x'', 201)', 'TC005', 'ruleName has more than 200 characters');
select throws_ok(format('select trustcart_api.save_recommendation_rule(%s)', w.call), w.sqlstate, w.message, w.call) from wrong as w;
select is(told('one', 'select trustcart_api.save_recommendation_rule(null, 1)'), '42501', 'not an agent''s');

select * from finish();
rollback;

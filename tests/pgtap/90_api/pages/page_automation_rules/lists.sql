-- The recommendation rules, page by page.
begin;
select plan(5);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.products (id, name, price, stock_quantity) values (1, 'Honey', 500.50, 3), (2, 'Tea', 300, 0);
insert into trustcart.product_recommendation_rules (id, rule_name, product_id, discount_percentage) values (1, 'H', 1, 10), (2, 'T', 2, null);
set session authorization boss;
create temporary table page as select trustcart_api.page_automation_rules() as p;
reset session authorization;
select is((select p -> 'rules' -> 1 from page), '{"id": 1, "rule_name": "H", "product_id": 1, "product_name": "Honey", "price": 500.5,
    "target_category": null, "target_customer_type": null, "discount_percentage": 10, "is_active": true, "is_product_gone": false}'::jsonb, 'a rule');
select is((select p -> 'rules' -> 0 ->> 'is_product_gone' from page), 'true', 'one whose product is out of stock');
select is(told('boss', $$select trustcart_api.page_automation_rules(null, 1) ->> 'next_before'$$), '2', 'there is more');
select is(told('boss', $$select trustcart_api.page_automation_rules(2, 1) -> 'rules' -> 0 ->> 'id'$$), '1', 'the next page');
select is(told('one', 'select trustcart_api.page_automation_rules()') || told('boss', 'select trustcart_api.page_automation_rules(null, 101)'),
    '42501TC005', 'refused');

select * from finish();
rollback;

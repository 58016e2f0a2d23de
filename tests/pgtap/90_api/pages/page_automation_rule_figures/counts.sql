-- What the products of rules sold since.
begin;
select plan(3);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 5) as g;

insert into trustcart.products (id, name, price) values (1, 'Honey', 500);
insert into trustcart.product_recommendation_rules (id, product_id) values (1, 1);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status) values (1, 1, trustcart.business_date(), 1000, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price) values (1, 1, 2, 500);
select ok(trustcart_api.page_automation_rule_figures(array[1, 8]) -> 'rules' @> '[{"rule_id": 1, "orders": 1, "revenue": 1000}]', 'counted');
select throws_ok('select trustcart_api.page_automation_rule_figures(array_fill(1, array[101]))', 'TC005', null, 'a page''s, not more');
select is(told('one', 'select trustcart_api.page_automation_rule_figures(array[1])'), '42501', 'not an agent''s');

select * from finish();
rollback;

-- The form of a rule: products found by name, SKU or number.
begin;
select plan(7);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.categories (id, name) values (1, 'Honey');
insert into trustcart.products (id, name, sku, price, is_active) values (1, 'Forest honey', 'H-1', 500, true), (2, 'Tea', 'T_%', 300, true),
(3, 'Old tea', null, 1, false);
insert into trustcart.product_recommendation_rules (id, product_id, discount_percentage) values (1, 3, 12.5);
create function pg_temp.products(p_page jsonb) returns text language sql as
$$select string_agg(c ->> 'id', ' ') from jsonb_array_elements(p_page -> 'products') as c$$;
set session authorization boss;
create temporary table page as select trustcart_api.page_automation_rule() as n, trustcart_api.page_automation_rule(1) as o,
    trustcart_api.page_automation_rule(null, ' HONEY ') as h, trustcart_api.page_automation_rule(null, '%') as w,
    trustcart_api.page_automation_rule(1, 't_%') as s;
reset session authorization;
select is((select pg_temp.products(n) from page), '1 2', 'a new one: what is sold');
select is((select n -> 'rule' from page), 'null'::jsonb, 'no rule yet');
select is((select o -> 'rule' ->> 'discount_percentage' || ' ' || pg_temp.products(o) from page), '12.5 3 1 2', 'its own product first, sold or not');
select is((select pg_temp.products(h) from page), '1', 'by name');
select is((select coalesce(pg_temp.products(w), 'none') from page), 'none', 'nothing is a pattern');
select is((select pg_temp.products(s) from page), '3 2', 'by SKU');
select is(told('one', 'select trustcart_api.page_automation_rule()') || told('boss', 'select trustcart_api.page_automation_rule(9)'),
    '42501TC004', 'refused');

select * from finish();
rollback;

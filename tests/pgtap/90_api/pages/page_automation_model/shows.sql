-- Who will still buy, for managers.
begin;
select plan(7);

insert into trustcart.users (id, name, role, db_role) values (4, 'Boss', 'crm_manager', null), (1, 'One', 'crm_agent', null);
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
update trustcart.users set db_role = 'one' where id = 1;

set session authorization boss;
create temporary table young as
select trustcart_api.page_automation_model() as p;
reset session authorization;
select results_eq(
    $$select y.p -> 'model', y.p -> 'report', y.p -> 'effect', y.p -> 'segments', y.p -> 'cohorts' from young as y$$,
    $$values ('null'::jsonb, 'null'::jsonb, 'null'::jsonb, '[]'::jsonb, '[]'::jsonb)$$, 'a young shop has nothing to show'
);

insert into trustcart.customers (id)
select g from generate_series(1, 60) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.id, trustcart.business_date() - 200 + o.k * (5 + g.id % 5 * 6), 100 + g.id, 'delivered'
from generate_series(1, 60) as g (id)
cross join lateral generate_series(0, g.id % 6) as o (k);
select trustcart.fit_customer_model(null, trustcart.business_date() - 60);
update trustcart.customer_models set fitted_on = trustcart.business_date() - 60;
select trustcart.report_customer_model();
select trustcart.refresh_customer_rfm();
select trustcart.refresh_cohorts();
insert into trustcart.call_holdouts (customer_id, task_date, task_type)
select g, trustcart.business_date() - 40, 'at_risk' from generate_series(1, 5) as g;

set session authorization boss;
create temporary table page as
select trustcart_api.page_automation_model() as p;
reset session authorization;
select is((select (p -> 'model' ->> 'customers')::integer from page), 60, 'the model in use');
select is(
    (select p -> 'report' ->> 'orders' from page), (select r.orders::text from trustcart.model_reports as r), 'its last report'
);
select is(
    (select sum((s ->> 'customers')::integer) from page, jsonb_array_elements(p -> 'segments') as s), 60::bigint,
    'everybody is in a segment'
);
select is(
    (select sum((c ->> 'customers')::integer) from page, jsonb_array_elements(p -> 'cohorts') as c), 60::bigint,
    'and in a cohort'
);
select is((select (p -> 'effect' ->> 'held_out_customers')::integer from page), 5, 'what calling brought, where some are held out');
select is(told('one', 'select trustcart_api.page_automation_model()'), '42501', 'not for agents');

select * from finish();
rollback;

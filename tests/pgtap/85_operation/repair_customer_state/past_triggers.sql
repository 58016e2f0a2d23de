-- Whatever was written past the triggers is counted anew; who was right is left alone.
begin;
select plan(6);
insert into trustcart.customers (id, first_name, phone) select g, 'A', '0171234000' || g from generate_series(1, 5) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select g, trustcart.business_date() - 3, 100 from generate_series(1, 5) as g;
select is(
    trustcart.repair_customer_state(),
    '{"customers": 0, "contacts": 0, "contact_days": 0, "words": 0, "tiers": 0}'::jsonb, 'nothing to repair'
);
create temporary table untouched as select c.* from trustcart.customers as c where c.id in (4, 5);

set local session_replication_role = replica;
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values
(2, trustcart.business_date(), 70000), (3, trustcart.business_date() + 1, 5);
insert into trustcart.customer_interactions (customer_id, interaction_type, direction) values (1, 'call', 'outbound');
insert into trustcart.customer_family_members (customer_id, name, relationship, phone_e164)
values (1, 'X', 'child', '+8801712340099');
update trustcart.customers set first_name = 'Other', phone_e164 = '+8801712340098' where id = 1;
update trustcart.customers set customer_type = 'inactive' where id = 3;
set local session_replication_role = origin;
select isnt_empty('select * from trustcart.check_customer_state()', 'much is wrong');
select is(
    trustcart.repair_customer_state() - 'contact_days',
    '{"customers": 3, "contacts": 1, "words": 1, "tiers": 0}'::jsonb, 'it says what it did'
);
select is_empty('select * from trustcart.check_customer_state()', 'and nothing is wrong any more');
select results_eq(
    $$ select c.customer_type, c.total_spend, c.lifecycle_stage from trustcart.customers as c where c.id = 2 $$,
    $$ values ('vip', 70100.00::numeric(14, 2), 'active') $$, 'the figures are those of the orders'
);
select set_eq(
    'select c.* from trustcart.customers as c where c.id in (4, 5)', 'select u.* from untouched as u', 'the others as before'
);
select * from finish();
rollback;

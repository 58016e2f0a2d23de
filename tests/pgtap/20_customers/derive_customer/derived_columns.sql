-- Derived columns are nobody's to enter: what is supplied for them is ignored, never an error and never trusted.
begin;
select plan(13);

create temporary view derived as
select
    c.id, c.order_count, c.total_spend, c.first_order_date, c.last_order_date, c.next_order_date, c.customer_type,
    c.lifecycle_stage, c.priority_level
from trustcart.customers as c;

insert into trustcart.customers (
    id, first_name, phone, phone_e164, mobile_e164, order_count, total_spend, first_order_date, last_order_date,
    next_order_date, customer_type, lifecycle_stage, priority_level, state_as_of, state_valid_until, state_revision
)
values (
    1, 'Rahima', '01711-000000', '+1', '+2', 9, 99999, '2020-01-01', '2020-01-01', '2199-01-01', 'vip', 'active', 'hot',
    '2020-01-01', '2020-02-01', 77
);
select row_eq(
    'select * from derived as d where d.id = 1',
    row(1::bigint, 0, 0::numeric(14, 2), null::date, null::date, null::date,
        null::text, 'prospect'::text, 'cold'::text),
    'a new customer is a prospect, whatever was supplied'
);
select is(
    (select row(c.phone, c.phone_e164, c.mobile_e164)::text from trustcart.customers as c where c.id = 1),
    row('01711-000000', '+8801711000000', null)::text,
    'the number is kept as typed, with its E.164 form beside it'
);
select is(
    (select row(c.state_as_of, c.state_valid_until, c.state_revision)::text from trustcart.customers as c),
    row('-infinity'::date, null, 0)::text,
    'nor is the state''s book-keeping taken'
);
insert into trustcart.customers (id, lifecycle_stage, priority_level, order_count) values (2, null, null, null);
select is(
    (select c.lifecycle_stage from trustcart.customers as c where c.id = 2), 'prospect', 'nulls are ignored too'
);

insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date() - 3, 500, 'delivered'), (1, trustcart.business_date() - 40, 700, 'delivered');
create temporary table before_update as select * from derived;
create temporary table revision as
select c.state_revision, c.state_as_of from trustcart.customers as c where c.id = 1;
update trustcart.customers
set
    order_count = 0, total_spend = 1e6, first_order_date = null, last_order_date = null,
    next_order_date = '2100-01-01', customer_type = 'vip', lifecycle_stage = 'churned', priority_level = 'cold',
    state_as_of = '2000-01-01', state_valid_until = null, phone_e164 = '+1'
where id = 1;
select results_eq(
    'select * from derived as d where d.id = 1', 'select * from before_update as b where b.id = 1',
    'an update of derived columns is undone'
);
select is(
    (select c.state_as_of from trustcart.customers as c where c.id = 1),
    (select r.state_as_of from revision as r),
    'its book-keeping too'
);
select is(
    (select c.phone_e164 from trustcart.customers as c where c.id = 1), '+8801711000000', 'and the E.164 form'
);
select is_empty('select * from trustcart.check_customer_state()', 'the state still is what the orders say');

-- updated_at: now() stands still within a transaction, so it is set back first, by hand and past the trigger.
alter table trustcart.customers disable trigger customers_derive_update;
update trustcart.customers set updated_at = '2020-01-01' where id = 1;
alter table trustcart.customers enable trigger customers_derive_update;
update trustcart.customers set customer_type = 'vip', updated_at = '2021-01-01' where id = 1;
select is(
    (select c.updated_at from trustcart.customers as c where c.id = 1), '2020-01-01'::timestamptz,
    'an update that enters nothing does not touch updated_at'
);
update trustcart.customers set phone = '+44 20 7946 0958', mobile = 'ask her son' where id = 1;
select is(
    (select row(c.phone, c.phone_e164, c.mobile, c.mobile_e164)::text from trustcart.customers as c where c.id = 1),
    row('+44 20 7946 0958', '+442079460958', 'ask her son', null)::text,
    'the E.164 form follows the number; what is none has none'
);
select is(
    (select c.updated_at from trustcart.customers as c where c.id = 1), now(), 'an entered column sets updated_at'
);
update trustcart.customers set phone = null where id = 1;
select is(
    (select c.phone_e164 from trustcart.customers as c where c.id = 1), null, 'without a number there is no E.164 form'
);
update trustcart.customers set notes = 'likes honey', customer_type = 'inactive' where id = 1;
select is(
    (select row(c.notes, c.customer_type)::text from trustcart.customers as c where c.id = 1),
    row('likes honey', 'repeat')::text,
    'what is entered beside a derived column is kept'
);

select * from finish();
rollback;

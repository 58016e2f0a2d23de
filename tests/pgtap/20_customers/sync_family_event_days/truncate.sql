-- Emptying the families leaves the customers' own days: TRUNCATE ... CASCADE reaches the table that holds both.
begin;
select plan(3);

insert into trustcart.customers (id, first_name, date_of_birth, anniversary_date)
values (900001, 'A', '1990-06-18', '2015-02-01'), (900002, 'B', null, null);
insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)
values (900001, 'C', 'child', '2018-06-19');

select is(
    (select count(*) from trustcart.customer_event_days as e where e.customer_id = 900001), 3::bigint, 'three days'
);
set local client_min_messages = warning;
truncate trustcart.customer_family_members cascade;
select results_eq(
    $$select e.kind, e.occurred_on, e.family_member_id from trustcart.customer_event_days as e
    where e.customer_id = 900001 order by e.kind$$,
    $$values ('anniversary', date '2015-02-01', null::bigint), ('birthday', '1990-06-18', null)$$,
    'the customer''s own are there still'
);
select is_empty(
    $$select 1 from trustcart.customer_event_days as e where e.family_member_id is not null$$, 'the families'' are gone'
);

select * from finish();
rollback;

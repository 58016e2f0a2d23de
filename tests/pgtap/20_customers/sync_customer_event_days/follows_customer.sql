-- customer_event_days holds the dates that customers have, after any change of them.
begin;
select plan(6);

create function pg_temp.event_days()
returns text language sql as $$
    select string_agg(concat_ws(' ', e.customer_id, e.kind, e.occurred_on, e.month_day), '; ' order by e.kind)
    from trustcart.customer_event_days as e
$$;

insert into trustcart.customers (id, date_of_birth) values (1, '2000-02-29'), (2, null);
select is(pg_temp.event_days(), '1 birthday 2000-02-29 229', 'a date that was entered');
update trustcart.customers set anniversary_date = '2015-12-01' where id = 1;
select is(
    pg_temp.event_days(), '1 anniversary 2015-12-01 1201; 1 birthday 2000-02-29 229', 'one that was added'
);
update trustcart.customers set date_of_birth = '2000-03-01', anniversary_date = null where id = 1;
select is(pg_temp.event_days(), '1 birthday 2000-03-01 301', 'one that was changed, one that was taken out');
create temporary table unchanged as select e.ctid as place from trustcart.customer_event_days as e;
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (1, trustcart.business_date(), 5);
update trustcart.customers set notes = 'x', date_of_birth = date_of_birth;
select results_eq(
    'select e.ctid from trustcart.customer_event_days as e', 'select u.place from unchanged as u',
    'orders and other changes do not write'
);
insert into trustcart.customers (id, date_of_birth) values (1, '1990-01-01')
on conflict (id) do update set date_of_birth = excluded.date_of_birth;
select is(pg_temp.event_days(), '1 birthday 1990-01-01 101', 'an upsert');
delete from trustcart.sales_orders;
delete from trustcart.customers;
select is(pg_temp.event_days(), null, 'they go with the customer');

select * from finish();
rollback;

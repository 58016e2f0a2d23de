-- customer_event_days holds the dates that family members have, after any change of them.
begin;
select plan(5);

create function pg_temp.event_days()
returns text language sql as $$
    select string_agg(concat_ws(' ', e.customer_id, e.family_member_id, e.kind, e.occurred_on), '; ' order by e.kind)
    from trustcart.customer_event_days as e
$$;

insert into trustcart.customers (id) values (1), (2);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth)
values (7, 1, 'Jane', 'spouse', '1995-03-15'), (8, 1, 'Jo', 'child', null);
select is(pg_temp.event_days(), '1 7 birthday 1995-03-15', 'a date that was entered');
update trustcart.customer_family_members set date_of_birth = null, anniversary_date = '2015-12-01' where id = 7;
select is(pg_temp.event_days(), '1 7 anniversary 2015-12-01', 'one that was taken out, one that was added');
update trustcart.customer_family_members set customer_id = 2 where id = 7;
select is(pg_temp.event_days(), '2 7 anniversary 2015-12-01', 'they move with the member');
update trustcart.customers set date_of_birth = '1990-01-01' where id = 2;
select is(
    pg_temp.event_days(), '2 7 anniversary 2015-12-01; 2 birthday 1990-01-01', 'the customer''s own leave them alone'
);
delete from trustcart.customer_family_members where id = 7;
select is(pg_temp.event_days(), '2 birthday 1990-01-01', 'and go with the member');

select * from finish();
rollback;

-- The dates of new family members are in customer_event_days, however many come at once.
begin;
select plan(2);

insert into trustcart.customers (id) values (1), (2);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth, anniversary_date)
select g.n, 1 + g.n % 2, 'x', 'child', date '1990-01-01' + g.n, case when g.n % 2 = 0 then date '2015-01-01' end
from generate_series(1, 100) as g (n);
select results_eq(
    $$select e.customer_id, e.family_member_id, e.occurred_on from trustcart.customer_event_days as e
    where e.kind = 'birthday' order by e.family_member_id$$,
    $$select f.customer_id, f.id, f.date_of_birth::date from trustcart.customer_family_members as f order by f.id$$,
    'birthdays'
);
select is(
    (select count(*) from trustcart.customer_event_days as e where e.kind = 'anniversary'), 50::bigint,
    'anniversaries of those who have one'
);

select * from finish();
rollback;

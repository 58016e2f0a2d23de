-- The dates of new customers are in customer_event_days, however many come at once.
begin;
select plan(3);

insert into trustcart.customers (id, date_of_birth, anniversary_date)
select g.n, date '1990-01-01' + g.n, case when g.n % 2 = 0 then date '2015-01-01' + g.n end
from generate_series(1, 100) as g (n);
insert into trustcart.customers (id) values (101);
select results_eq(
    $$select e.customer_id, e.occurred_on from trustcart.customer_event_days as e
    where e.kind = 'birthday' and e.family_member_id is null order by e.customer_id$$,
    'select c.id, c.date_of_birth::date from trustcart.customers as c where c.id <= 100 order by c.id',
    'birthdays'
);
select is(
    (select count(*) from trustcart.customer_event_days as e where e.kind = 'anniversary'), 50::bigint,
    'anniversaries of those who have one'
);
select is_empty(
    $$select e.id from trustcart.customer_event_days as e
    where e.month_day <> to_char(e.occurred_on, 'MMDD')::integer$$,
    'each under its day of the year'
);

select * from finish();
rollback;

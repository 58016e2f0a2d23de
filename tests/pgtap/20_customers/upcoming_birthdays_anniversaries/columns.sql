-- The guide's view: the next 30 days, the guide's columns first.
begin;
select plan(5);

select is(
    (
        select array_agg(a.attname::text order by a.attnum)
        from pg_catalog.pg_attribute as a
        where a.attrelid = 'trustcart.upcoming_birthdays_anniversaries'::regclass and a.attnum > 0
    ),
    array[
        'id', 'name', 'email', 'phone', 'date_of_birth', 'anniversary_date', 'event_type', 'event_date', 'days_until',
        'family_member_id'
    ],
    'the guide''s columns, then ours'
);

insert into trustcart.customers (id, first_name, last_name, email, phone, date_of_birth, anniversary_date)
select
    g.n, 'First', 'Last', 'x@example.com', '01700000000',
    (trustcart.business_date() + g.n - interval '28 years')::date,
    (trustcart.business_date() + g.n + 1 - interval '8 years')::date
from unnest(array[20, 30, 31]) as g (n);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth)
values (5, 31, 'Jane', 'spouse', (trustcart.business_date() - interval '28 years')::date);

create temporary view seen as
select v.* from trustcart.upcoming_birthdays_anniversaries as v;
select is(
    (select string_agg(s.id || ' ' || s.event_type, ', ' order by s.event_date, s.id) from seen as s),
    '31 family_birthday, 20 birthday, 20 anniversary, 30 birthday',
    'today and 30 days, no more'
);
select is(
    (select row(s.name, s.days_until, s.family_member_id)::text from seen as s where s.family_member_id = 5),
    row('Jane', 0, 5)::text,
    'whose day it is'
);
select is(
    (
        select row(s.date_of_birth, s.anniversary_date)::text
        from seen as s
        where s.family_member_id = 5
    ),
    row((trustcart.business_date() - interval '28 years')::date, null)::text,
    'with her own dates'
);
select is(
    (
        select row(s.date_of_birth, s.anniversary_date)::text
        from seen as s
        where s.id = 20 and s.event_type = 'birthday'
    ),
    (select row(c.date_of_birth, c.anniversary_date)::text from trustcart.customers as c where c.id = 20),
    'and the customer with the customer''s'
);

select * from finish();
rollback;

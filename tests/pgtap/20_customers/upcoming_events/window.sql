-- Any window, across the ends of months and years, the next occurrence of each event.
begin;
select plan(19);

insert into trustcart.customers (id, first_name, last_name, email, phone, date_of_birth, anniversary_date, is_active)
values
(1, 'Rahima', 'Khatun', 'rahima@example.com', '01711-000000', '1990-12-31', '2015-01-02', true),
(2, 'Leap', null, null, null, '2000-02-29', null, true),
(3, 'Unborn', null, null, null, '2025-12-25', null, true),
(4, 'Gone', null, null, null, '1990-12-31', null, false),
(5, null, null, 'x@example.com', null, '1990-12-20', '2026-01-10', true);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth, anniversary_date)
values
(11, 1, 'Karim', 'spouse', '1988-01-01', '2015-01-02'),
(12, 4, 'Family of Gone', 'child', '2010-12-31', null);

create function pg_temp.events(p_days integer, p_as_of date)
returns text language sql as $$
    select string_agg(
        concat_ws(' ', e.customer_id, e.family_member_id, e.event_type, e.event_date, e.days_until), '; '
        order by e.event_date, e.customer_id, e.family_member_id nulls first
    )
    from trustcart.upcoming_events(p_days, p_as_of) as e
$$;

select is(
    pg_temp.events(0, '2025-12-31'), '1 birthday 2025-12-31 0', 'a window of 0 days is the day itself'
);
select is(pg_temp.events(0, '2025-12-30'), null, 'which is not the next day');
select is(pg_temp.events(1, '2025-12-30'), '1 birthday 2025-12-31 1', 'that is within 1 day');
select is(
    pg_temp.events(5, '2025-12-30'),
    '1 birthday 2025-12-31 1; 1 11 family_birthday 2026-01-01 2; 1 anniversary 2026-01-02 3; '
    '1 11 family_anniversary 2026-01-02 3',
    'across the end of the year, customers and family'
);
select is(pg_temp.events(29, '2025-01-30'), '2 birthday 2025-02-28 29', '29 February falls on the 28th in other years');
select is(pg_temp.events(0, '2024-02-28'), null, 'but not in a leap year');
select is(pg_temp.events(1, '2024-02-28'), '2 birthday 2024-02-29 1', 'which has the day itself');
select is(pg_temp.events(0, '2025-03-01'), null, 'it is never on 1 March');
select is(pg_temp.events(0, '2100-02-28'), '2 birthday 2100-02-28 0', '2100 is no leap year');
select is(
    (select count(*) from trustcart.upcoming_events(365, '2025-12-19') as e), 6::bigint, 'a year has each event once'
);
select is(
    (select count(*) from trustcart.upcoming_events(2147483647, '2025-12-19') as e), 6::bigint,
    'and so has any longer window'
);
select is(
    (select max(e.days_until) from trustcart.upcoming_events(365, '2026-01-01') as e where e.customer_id = 1),
    364, 'the next occurrence of yesterday''s birthday is 364 days away'
);
select is_empty(
    $$select * from trustcart.upcoming_events(365, '2025-12-24') as e where e.customer_id = 3$$,
    'who is not born yet has no birthday'
);
select isnt_empty(
    $$select * from trustcart.upcoming_events(365, '2026-01-01') as e where e.customer_id = 3$$, 'but has one later'
);
select is_empty(
    $$select * from trustcart.upcoming_events(365, '2025-12-19') as e where e.customer_id = 4$$,
    'inactive customers and their families are left out'
);
select is(
    (
        select row(e.name, e.email, e.phone, e.event_type, e.event_date, e.days_until, e.family_member_id)::text
        from trustcart.upcoming_events(2, '2025-12-30') as e
        where e.family_member_id is not null
    ),
    row('Karim', 'rahima@example.com', '01711-000000', 'family_birthday', date '2026-01-01', 2, 11)::text,
    'whose day it is, and how the customer is reached'
);
select throws_ok('select * from trustcart.upcoming_events(-1)', 'TC005', null, 'a negative window is refused');
select throws_ok('select * from trustcart.upcoming_events(null)', 'TC005', null, 'so is none');
select throws_ok(
    'select * from trustcart.upcoming_events(1, ''infinity'')', 'TC001', null, 'and a date that is none'
);

select * from finish();
rollback;

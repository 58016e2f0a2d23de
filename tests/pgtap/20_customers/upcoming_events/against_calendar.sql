-- Every birthday of four years, asked on every day around the ends of years and of February, against the plain rule.
begin;
select plan(2);

insert into trustcart.customers (id, date_of_birth)
select g.n + 1, date '1999-01-01' + g.n from generate_series(0, 1460) as g (n);

create temporary table days as
select d::date as as_of
from generate_series('2023-12-25'::date, '2025-03-05', '1 day') as d
where extract(month from d) in (1, 2, 3, 12);

-- The plain rule, in one statement for all of them: a function called for each took a minute.
create temporary table expected as
select b.as_of, b.id, min(b.birthday) as event_date
from (
    select
        d.as_of,
        c.id,
        -- adding years to 29 February gives the 28th where there is none
        (
            c.date_of_birth
            + make_interval(years => (extract(year from d.as_of) - extract(year from c.date_of_birth))::integer + y.n)
        )::date as birthday
    from days as d
    cross join trustcart.customers as c
    cross join generate_series(0, 1) as y (n)
) as b
where b.birthday >= b.as_of
group by b.as_of, b.id;

select is_empty(
    $$(select d.as_of, e.customer_id, e.event_date from days as d
    cross join lateral trustcart.upcoming_events(400, d.as_of) as e
    except select x.as_of, x.id, x.event_date from expected as x) limit 10$$,
    'no event stands on another day'
);
select is_empty(
    $$(select x.as_of, x.id, x.event_date from expected as x where x.event_date <= x.as_of + 10
    except select d.as_of, e.customer_id, e.event_date from days as d
    cross join lateral trustcart.upcoming_events(10, d.as_of) as e) limit 10$$,
    'and none within ten days is missing'
);

select * from finish();
rollback;

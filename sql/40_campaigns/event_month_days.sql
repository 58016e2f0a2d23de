create or replace function trustcart_private.event_month_days(p_as_of date, p_at_least integer, p_at_most integer)
returns smallint[]
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select d.month_day
        from (
            select
                m.month_day,
                min(m.days) as days
            from (
                select
                    (extract(month from w.day) * 100 + extract(day from w.day))::smallint as month_day,
                    w.days
                from (select p_as_of + g.n as day, g.n as days from generate_series(0, 365) as g (n)) as w
                union all
                -- 29 February, in the years that have none.
                select
                    229::smallint,
                    w.days
                from (select p_as_of + g.n as day, g.n as days from generate_series(0, 365) as g (n)) as w
                where
                    extract(month from w.day) = 2 and extract(day from w.day) = 28
                    and extract(month from w.day + 1) = 3
            ) as m
            group by m.month_day
        ) as d
        where d.days between coalesce(p_at_least, 0) and coalesce(p_at_most, 366)
        order by d.month_day
    );
end;
$$;
comment on function trustcart_private.event_month_days(date, integer, integer) is
'The days of the calendar (month * 100 + day, as customer_event_days has them) whose next return after p_as_of, that day
included, is at least and at most so many days away. 29 February returns on 28 February in other years.';

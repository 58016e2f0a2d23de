-- requires: business_date

create or replace function trustcart.upcoming_events(
    p_days integer default 30, p_as_of date default trustcart.business_date()
)
returns table (
    customer_id bigint,
    name text,
    email text,
    phone text,
    event_type text,
    event_date date,
    days_until integer,
    family_member_id bigint
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
-- A window of days reads an index, a window of months the tables: only with the window at hand can the plan tell.
set plan_cache_mode = force_custom_plan
-- Starting workers takes longer than most windows do.
set max_parallel_workers_per_gather = 0
as $$
#variable_conflict use_column
declare
    v_month_days smallint[];
    v_dates date[];
begin
    if (p_as_of >= '1900-01-01' and p_as_of < '2200-01-01') is not true then
        raise exception using
            errcode = 'TC001',
            message = format('%s is not a business date', coalesce(p_as_of::text, 'null')),
            hint = 'Give a date between 1900-01-01 and 2199-12-31, as YYYY-MM-DD.';
    end if;
    if (p_days >= 0) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('%s is not a number of days to look ahead', coalesce(p_days::text, 'null')),
            hint = 'Give 0 for today alone, or more; an event counts once however long the window.';
    end if;

    -- The days of the calendar within the window, each with its next date, as month * 100 + day.
    select
        array_agg(d.month_day),
        array_agg(d.event_date)
    into v_month_days, v_dates
    from (
        select distinct on (m.month_day)
            m.month_day,
            m.event_date
        from (
            select
                (extract(month from w.event_date) * 100 + extract(day from w.event_date))::smallint as month_day,
                w.event_date
            from (select p_as_of + g.n as event_date from generate_series(0, least(p_days, 365)) as g (n)) as w
            union all
            -- 29 February, in the years that have none.
            select
                229,
                w.event_date
            from (select p_as_of + g.n as event_date from generate_series(0, least(p_days, 365)) as g (n)) as w
            where
                extract(month from w.event_date) = 2 and extract(day from w.event_date) = 28
                and extract(month from w.event_date + 1) = 3
        ) as m
        order by m.month_day, m.event_date
    ) as d;

    return query
    select
        c.customer_id,
        case when e.family_member_id is null then nullif(concat_ws(' ', c.first_name, c.last_name), '') else f.name end,
        c.email::text,
        c.phone,
        case when e.family_member_id is null then e.kind else 'family_' || e.kind end,
        d.event_date,
        d.event_date - p_as_of,
        e.family_member_id
    from unnest(v_month_days, v_dates) as d (month_day, event_date)
    inner join trustcart.customer_event_days as e on d.month_day = e.month_day
    inner join trustcart.customer_360_view as c on e.customer_id = c.customer_id
    left join trustcart.customer_family_members as f on e.family_member_id = f.id
    where e.occurred_on <= p_as_of and c.is_active;
end;
$$;
comment on function trustcart.upcoming_events(integer, date) is
'Birthdays and anniversaries of active customers and their families from p_as_of to p_days later, the next occurrence of
each: customer_id, name of whose day it is, the customer''s email and phone (as in customer_360_view), event_type (birthday, anniversary,
family_birthday, family_anniversary), event_date, days_until, family_member_id. 29 February falls on 28 February in other
years; who is born later than p_as_of has no birthday yet. TC001 for the date, TC005 for the days (guide: "Get Upcoming
Events").';

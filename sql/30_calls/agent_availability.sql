-- requires: agent_capacity, business_date

create or replace function trustcart.agent_availability(p_date date default trustcart.business_date())
returns table (
    agent_id bigint,
    agent_name text,
    work_date date,
    works_from time,
    works_until time,
    absence text,
    max_calls integer,
    calls integer,
    room integer
)
language plpgsql stable parallel safe
security definer
rows 50
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        c.agent_id,
        u.name,
        p_date,
        c.works_from,
        c.works_until,
        c.absence,
        c.max_calls,
        coalesce(d.calls, 0),
        greatest(c.max_calls - coalesce(d.calls, 0), 0)
    from trustcart_private.agent_capacity(p_date) as c
    inner join trustcart.users as u on c.agent_id = u.id
    left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = p_date
    order by c.agent_id;
end;
$$;
comment on function trustcart.agent_availability(date) is
'The active agents on a date: whether each works (absence says why not) and when, how many calls the day holds, how many
are given so far and for how many there is room. Hours are in the business time zone. TC001 for the date.';

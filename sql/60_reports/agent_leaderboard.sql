-- requires: trustcart.agent_performance, call_conversions

create or replace function trustcart.agent_leaderboard(p_from date, p_to date)
returns table (
    place bigint,
    agent_name text,
    successful_calls bigint,
    completed_tasks bigint,
    total_tasks bigint,
    completion_rate numeric,
    success_rate numeric,
    converted_customers bigint,
    orders bigint,
    revenue numeric,
    agent_id bigint
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- Null would be taken for the month so far.
    perform trustcart.check_period(p_from, p_to);
    return query
    select
        rank() over (order by p.successful_calls desc),
        p.agent_name,
        p.successful_calls,
        p.completed_tasks,
        p.total_tasks,
        p.completion_rate,
        p.success_rate,
        c.converted_customers,
        c.orders,
        c.revenue,
        p.agent_id
    from trustcart.agent_performance(null, p_from, p_to) as p
    inner join trustcart.users as u on p.agent_id = u.id
    inner join trustcart.call_conversions(p_from, p_to) as c on p.agent_id = c.agent_id
    where u.is_active or p.total_tasks > 0 or c.calls > 0
    order by 1, p.completed_tasks desc, c.revenue desc, p.agent_id;
end;
$$;
comment on function trustcart.agent_leaderboard(date, date) is
'The agents by their successful calls in a period; as many calls, the same place. Rates as in agent_performance(),
orders and revenue as in call_conversions() within 7 days. Agents who left are listed for the time they worked. TC001
and TC005 for the dates.';

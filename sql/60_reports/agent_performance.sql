-- requires: check_agent_access, agent_figures, check_period, business_date

create or replace function trustcart.agent_performance(
    p_agent_id bigint default null,
    p_from date default null,
    p_to date default trustcart.business_date()
)
returns table (
    agent_id bigint,
    agent_name text,
    total_tasks bigint,
    completed_tasks bigint,
    successful_calls bigint,
    completion_rate numeric,
    success_rate numeric,
    avg_call_duration numeric,
    total_interactions bigint,
    attempts bigint,
    pending bigint,
    skipped bigint,
    expired bigint,
    cancelled bigint,
    carried bigint
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_to date := coalesce(p_to, trustcart.business_date());
    v_from date := coalesce(p_from, date_trunc('month', v_to::timestamp)::date);
begin
    perform trustcart.check_period(v_from, v_to);
    perform trustcart.check_agent_access(p_agent_id);
    if p_agent_id is not null and not exists (
        select from trustcart.users as u where u.id = p_agent_id and u.role = 'crm_agent'
    ) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Agents are the users with role crm_agent; without an id all of them are listed.';
    end if;

    return query
    select
        u.id,
        u.name,
        coalesce(f.total_tasks, 0),
        coalesce(f.completed_tasks, 0),
        coalesce(f.successful_calls, 0),
        coalesce(round(f.completed_tasks * 100.0 / nullif(f.total_tasks, 0), 2), 0),
        coalesce(round(f.successful_calls * 100.0 / nullif(f.completed_tasks, 0), 2), 0),
        round(extract(epoch from f.call_duration / nullif(f.timed_calls, 0)) / 60, 2),
        coalesce(f.total_interactions, 0),
        coalesce(f.attempts, 0),
        coalesce(f.pending, 0),
        coalesce(f.skipped, 0),
        coalesce(f.expired, 0),
        coalesce(f.cancelled, 0),
        coalesce(f.carried, 0)
    from trustcart.users as u
    left join trustcart.agent_figures(v_from, v_to, null, p_agent_id) as f on u.id = f.agent_id
    where u.role = 'crm_agent' and (p_agent_id is null or u.id = p_agent_id)
    order by coalesce(f.successful_calls, 0) desc, coalesce(f.completed_tasks, 0) desc, u.id;
end;
$$;
comment on function trustcart.agent_performance(bigint, date, date) is
'The figures of an agent, or of all agents, for the tasks dated p_from to p_to (default: the month of p_to so far),
the most successful first: completion_rate is completed of all tasks, success_rate successful of completed ones, in
percent, 0 of none; avg_call_duration in minutes, null when no call was timed; total_interactions and attempts are
those made in the period. TC001 date, TC004 no such agent, TC005 period that ends before it begins, TC403 for
an agent who asks for another one''s (guide: "Agent
Performance").';

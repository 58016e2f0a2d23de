-- requires: require_date, business_date, is_successful_call

create or replace function trustcart.report_agents(p_month_of date default trustcart.business_date())
returns table (
    agent_name text,
    total_tasks bigint,
    completed bigint,
    successful bigint,
    completion_rate numeric,
    total_interactions bigint,
    agent_id bigint
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_from date := date_trunc('month', trustcart_private.require_date(p_month_of)::timestamp)::date;
    v_to date := (v_from + interval '1 month')::date;
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
begin
    return query
    select
        u.name,
        coalesce(t.total_tasks, 0),
        coalesce(t.completed, 0),
        coalesce(t.successful, 0),
        coalesce(round(t.completed * 100.0 / nullif(t.total_tasks, 0), 2), 0.00),
        coalesce(i.total_interactions, 0),
        u.id
    from trustcart.users as u
    -- Counted each by itself: joined together, tasks and interactions would multiply.
    left join (
        select
            ct.assigned_agent_id,
            count(*) as total_tasks,
            count(*) filter (where ct.status = 'completed') as completed,
            count(*) filter (where trustcart.is_successful_call(ct.status, ct.successful)) as successful
        from trustcart.crm_call_tasks as ct
        where ct.task_date >= v_from and ct.task_date < v_to
        group by ct.assigned_agent_id
    ) as t on u.id = t.assigned_agent_id
    left join (
        select
            ci.agent_id,
            count(*) as total_interactions
        from trustcart.customer_interactions as ci
        where
            ci.interaction_date >= v_from::timestamp at time zone v_time_zone
            and ci.interaction_date < v_to::timestamp at time zone v_time_zone
        group by ci.agent_id
    ) as i on u.id = i.agent_id
    where u.role = 'crm_agent'
    order by coalesce(t.successful, 0) desc, u.name, u.id;
end;
$$;
comment on function trustcart.report_agents(date) is
'The agents'' tasks and interactions in the calendar month (of the business time zone) that a date is in, the most
successful first. completion_rate is completed of total_tasks, in percent, 0 without tasks. Guide, "Agent Performance
Report", without its multiplication of tasks by interactions. Errors: TC001.';

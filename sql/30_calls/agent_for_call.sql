-- requires: agent_capacity, agent_suits

create or replace function trustcart_private.agent_for_call(
    p_customer_id bigint,
    p_task_date date,
    p_skill text default null
)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_own bigint := (select c.assigned_agent_id from trustcart.customers as c where c.id = p_customer_id);
    v_language text := (
        select p.language from trustcart.customer_contact_preferences as p where p.customer_id = p_customer_id
    );
begin
    return (
        select a.agent_id
        from (
            select
                c.agent_id,
                c.agent_id is not distinct from v_own as is_own,
                coalesce(d.calls, 0)::numeric / c.max_calls as share
            from trustcart_private.agent_capacity(p_task_date) as c
            left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = p_task_date
            where c.max_calls > coalesce(d.calls, 0)
            order by is_own desc, share, c.agent_id
            -- Sorted first: the question who suits is asked of the first few only.
            offset 0
        ) as a
        where
            (v_language is null and p_skill is null)
            or trustcart_private.agent_suits(a.agent_id, v_language, p_skill)
        order by a.is_own desc, a.share, a.agent_id
        limit 1
    );
end;
$$;
comment on function trustcart_private.agent_for_call(bigint, date, text) is
'Who makes a call of that date: the customer''s own agent, else the agent whose day is filled the least for its size,
then the lowest id; of those who work that day, have room, speak the customer''s language and have the skill asked for.
Null when there is none: the call waits in the pool.';

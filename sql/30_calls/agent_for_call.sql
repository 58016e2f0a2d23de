create or replace function trustcart_private.agent_for_call(p_customer_id bigint, p_task_date date)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog
as $$
begin
    return (
        select u.id
        from trustcart.users as u
        left join trustcart.customers as c on u.id = c.assigned_agent_id and c.id = p_customer_id
        left join lateral (
            select count(*) as open_calls
            from trustcart.crm_call_tasks as t
            where t.assigned_agent_id = u.id and t.task_date = p_task_date and t.status = 'pending'
        ) as l on true
        where u.role = 'crm_agent' and u.is_active
        order by (c.id is null), l.open_calls, u.id
        limit 1
    );
end;
$$;
comment on function trustcart_private.agent_for_call(bigint, date) is
'Who makes a call of that date: the customer''s own agent if active, else the active agent with the fewest pending calls
of the date; null when there is no active agent.';

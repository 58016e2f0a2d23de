create or replace function trustcart_private.agent_of_task(
    p_task_id bigint, p_assigned_agent_id bigint, p_at timestamptz
)
returns table (agent_id bigint)
language sql stable parallel safe
security invoker
rows 1
begin atomic
select case when m.task_id is null then p_assigned_agent_id else m.from_agent_id end as agent_id
from (select p_task_id as task_id) as t
left join lateral (
    -- The first change since says from whom.
    select
        a.task_id,
        a.from_agent_id
    from trustcart.crm_call_task_assignments as a
    where a.task_id = t.task_id and a.changed_at >= p_at
    order by a.id
    limit 1
) as m on true;
end;

comment on function trustcart_private.agent_of_task(bigint, bigint, timestamptz) is
'Whose a task was just before an instant, null for nobody''s; p_assigned_agent_id is whose it is now. Inlined into the
query that reads it.';

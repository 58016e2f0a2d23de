-- Without security_invoker, for the policies of its tables ask it: they would ask themselves.
create or replace view trustcart_private.customers_of_agents as
select
    c.assigned_agent_id as agent_id,
    c.id as customer_id
from trustcart.customers as c
where c.assigned_agent_id is not null
union all
select
    t.assigned_agent_id as agent_id,
    t.customer_id
from trustcart.crm_call_tasks as t
where
    t.assigned_agent_id is not null
    and (
        t.closed_at is null
        or t.closed_at >= now() - interval '7 days' and t.status in ('completed', 'skipped')
    )
union all
select
    t.claimed_by as agent_id,
    t.customer_id
from trustcart.crm_call_tasks as t
where t.claimed_by is not null and t.status = 'pending';

comment on view trustcart_private.customers_of_agents is
'The rule of who sees whom (guide: checkAccess): an agent sees customers assigned to them, or on tasks of theirs that
are
open or were finished in the last 7 days, or on a call that they have claimed.';
comment on column trustcart_private.customers_of_agents.agent_id is 'The agent.';
comment on column trustcart_private.customers_of_agents.customer_id is
'A customer whom the agent may see; once for every cause.';

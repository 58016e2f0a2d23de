-- The call list of today, hot first: what an agent's screen shows.
begin;
\ir shop.sql

select
    c.first_name,
    c.phone_e164 as phone,
    t.task_type,
    t.priority,
    u.name as agent,
    t.reasons -> 0 ->> 'task_type' as first_reason,
    jsonb_array_length(t.reasons) as reasons
from trustcart.crm_call_tasks as t
inner join trustcart.customers as c on t.customer_id = c.id
left join trustcart.users as u on t.assigned_agent_id = u.id
where t.task_date = trustcart.business_date() and t.customer_id between 9001 and 9005
order by t.priority_rank, c.id;

rollback;

create or replace function trustcart.call_in_hand(p_agent_id bigint, p_at timestamptz default now())
returns bigint
language sql stable parallel safe
security invoker
begin atomic
select t.id
from trustcart.crm_call_tasks as t
cross join trustcart.settings as s
where
    t.claimed_by = p_agent_id
    and t.status = 'pending'
    and t.task_date = (p_at at time zone s.time_zone)::date
    and greatest(t.claimed_at, t.started_at) >= p_at - s.claim_timeout
order by (t.started_at is not null) desc, t.started_at desc, t.claimed_at asc, t.id asc
limit 1;
end;

comment on function trustcart.call_in_hand(bigint, timestamptz) is
'The call that an agent has in hand at p_at: claimed, not settled, and the claim not void by settings.claim_timeout. Of
several the one begun last, else the one claimed first; null when there is none.';

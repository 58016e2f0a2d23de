-- What the team's dashboard reads and does: waiting list, latest engagements, calls handed over within a team.
-- depends: 0020_customer_names

create index if not exists call_waiting_list_since_idx
on trustcart.call_waiting_list (waiting_since, customer_id) where ended_on is null;

create index if not exists customer_engagement_history_created_at_idx
on trustcart.customer_engagement_history (created_at desc, id desc);

-- It has a further argument now; left here, the old one would make calls of four ambiguous.
drop function if exists trustcart.reassign_agent_calls(bigint, date, date, text);

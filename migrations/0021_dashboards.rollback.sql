drop function if exists trustcart.reassign_agent_calls(bigint, date, date, text, bigint[]);
drop index if exists trustcart.call_waiting_list_since_idx;
drop index if exists trustcart.customer_engagement_history_created_at_idx;

-- requires: customers_of_agents, own_agent_ids

-- Without security_invoker, as what it asks.
create or replace view trustcart_private.customers_of_caller as
select v.customer_id
from trustcart_private.customers_of_agents as v
where v.agent_id = any((select trustcart_private.own_agent_ids())::bigint[]);

comment on view trustcart_private.customers_of_caller is
'The customers whom an agent who asks may see, the team''s of a leader included. The policies and check_access() ask
it.';
comment on column trustcart_private.customers_of_caller.customer_id is 'A customer; once for every cause.';

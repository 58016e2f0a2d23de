-- requires: customers_of_caller

drop policy if exists customer_engagement_history_agents on trustcart.customer_engagement_history;
create policy customer_engagement_history_agents on trustcart.customer_engagement_history
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_engagement_history.customer_id
    )
);

comment on policy customer_engagement_history_agents on trustcart.customer_engagement_history is
'Agents: rows of the customers whom they may see.';

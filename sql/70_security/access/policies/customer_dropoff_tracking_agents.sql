-- requires: customers_of_caller

drop policy if exists customer_dropoff_tracking_agents on trustcart.customer_dropoff_tracking;
create policy customer_dropoff_tracking_agents on trustcart.customer_dropoff_tracking
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_dropoff_tracking.customer_id
    )
);

comment on policy customer_dropoff_tracking_agents on trustcart.customer_dropoff_tracking is
'Agents: rows of the customers whom they may see.';

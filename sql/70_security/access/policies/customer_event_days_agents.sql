-- requires: customers_of_caller

drop policy if exists customer_event_days_agents on trustcart.customer_event_days;
create policy customer_event_days_agents on trustcart.customer_event_days
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_event_days.customer_id
    )
);

comment on policy customer_event_days_agents on trustcart.customer_event_days is
'Agents: rows of the customers whom they may see.';

-- requires: customers_of_caller

drop policy if exists events_agents on trustcart.events;
create policy events_agents on trustcart.events
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = events.customer_id
    )
);

comment on policy events_agents on trustcart.events is
'Agents: those about customers whom they may see.';

-- requires: customers_of_caller

drop policy if exists customer_consents_agents on trustcart.customer_consents;
create policy customer_consents_agents on trustcart.customer_consents
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_consents.customer_id
    )
);

comment on policy customer_consents_agents on trustcart.customer_consents is
'Agents: rows of the customers whom they may see.';

-- requires: customers_of_caller

drop policy if exists customer_contact_preferences_agents on trustcart.customer_contact_preferences;
create policy customer_contact_preferences_agents on trustcart.customer_contact_preferences
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_contact_preferences.customer_id
    )
);

comment on policy customer_contact_preferences_agents on trustcart.customer_contact_preferences is
'Agents: rows of the customers whom they may see.';

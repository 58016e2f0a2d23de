-- requires: customers_of_caller

drop policy if exists customer_state_changes_agents on trustcart.customer_state_changes;
create policy customer_state_changes_agents on trustcart.customer_state_changes
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_state_changes.customer_id
    )
);

comment on policy customer_state_changes_agents on trustcart.customer_state_changes is
'Agents: rows of the customers whom they may see.';

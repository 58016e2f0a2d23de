-- requires: customers_of_caller

drop policy if exists customer_phone_flags_agents on trustcart.customer_phone_flags;
create policy customer_phone_flags_agents on trustcart.customer_phone_flags
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_phone_flags.customer_id
    )
);

comment on policy customer_phone_flags_agents on trustcart.customer_phone_flags is
'Agents: rows of the customers whom they may see.';

-- requires: customers_of_caller

drop policy if exists customer_rfm_agents on trustcart.customer_rfm;
create policy customer_rfm_agents on trustcart.customer_rfm
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_rfm.customer_id
    )
);

comment on policy customer_rfm_agents on trustcart.customer_rfm is
'Agents: rows of the customers whom they may see.';

-- requires: customers_of_caller

drop policy if exists customers_agents on trustcart.customers;
create policy customers_agents on trustcart.customers
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customers.id
    )
);

comment on policy customers_agents on trustcart.customers is
'Agents: the customers of trustcart_private.customers_of_caller.';

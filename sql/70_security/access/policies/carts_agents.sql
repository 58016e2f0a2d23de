-- requires: customers_of_caller

drop policy if exists carts_agents on trustcart.carts;
create policy carts_agents on trustcart.carts
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = carts.customer_id
    )
);

comment on policy carts_agents on trustcart.carts is
'Agents: rows of the customers whom they may see.';

-- requires: customers_of_caller

drop policy if exists customer_family_members_agents on trustcart.customer_family_members;
create policy customer_family_members_agents on trustcart.customer_family_members
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_family_members.customer_id
    )
);

comment on policy customer_family_members_agents on trustcart.customer_family_members is
'Agents: rows of the customers whom they may see.';

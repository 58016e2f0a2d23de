-- requires: customers_of_caller

drop policy if exists call_waiting_list_agents on trustcart.call_waiting_list;
create policy call_waiting_list_agents on trustcart.call_waiting_list
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = call_waiting_list.customer_id
    )
);

comment on policy call_waiting_list_agents on trustcart.call_waiting_list is
'Agents: rows of the customers whom they may see.';

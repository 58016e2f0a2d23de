-- requires: customers_of_caller

drop policy if exists customer_scores_agents on trustcart.customer_scores;
create policy customer_scores_agents on trustcart.customer_scores
to trustcart_agent
using (
    exists (
        select from trustcart_private.customers_of_caller as v
        where v.customer_id = customer_scores.customer_id
    )
);

comment on policy customer_scores_agents on trustcart.customer_scores is
'Agents: rows of the customers whom they may see.';

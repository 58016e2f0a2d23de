-- requires: recommended_action_of, call_priority_of

create or replace view trustcart.customer_intelligence
with (security_invoker = true) as
select
    c.id as customer_id,
    nullif(concat_ws(' ', c.first_name, c.last_name), '') as customer_name,
    c.customer_type,
    c.lifecycle_stage,
    c.total_spend,
    trustcart.recommended_action_of(c.lifecycle_stage, c.customer_type) as recommended_action,
    trustcart_private.call_priority_of(c.lifecycle_stage, c.customer_type) as call_priority
from trustcart.customers as c;

comment on view trustcart.customer_intelligence is
'What to do about each customer, and how urgently to call (guide: "customer_intelligence").';
comment on column trustcart.customer_intelligence.customer_id is 'Identity of the customer.';
comment on column trustcart.customer_intelligence.customer_name is 'First and last name, or the one that is known.';
comment on column trustcart.customer_intelligence.customer_type is 'new, repeat, vip or inactive; null for a prospect.';
comment on column trustcart.customer_intelligence.lifecycle_stage is 'prospect, new, active, at_risk or churned.';
comment on column trustcart.customer_intelligence.total_spend is 'Sum of the counted orders, in taka.';
comment on column trustcart.customer_intelligence.recommended_action is
'Send discount offer (at risk), Personal call from manager (vip), Welcome gift voucher (new) or Regular follow-up.';
comment on column trustcart.customer_intelligence.call_priority is 'hot (vip), warm (at risk) or cold.';

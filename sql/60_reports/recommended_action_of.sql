create or replace function trustcart.recommended_action_of(p_lifecycle_stage text, p_customer_type text)
returns text
language sql immutable parallel safe
security invoker
return case
    when p_lifecycle_stage = 'at_risk' then 'Send discount offer'
    when p_customer_type = 'vip' then 'Personal call from manager'
    when p_customer_type = 'new' then 'Welcome gift voucher'
    else 'Regular follow-up'
end;

comment on function trustcart.recommended_action_of(text, text) is
'What to do about a customer of a stage and a type (guide: recommended_action of "customer_intelligence"). Never null.';

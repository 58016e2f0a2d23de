create or replace function trustcart_private.call_priority_of(p_lifecycle_stage text, p_customer_type text)
returns text
language sql immutable parallel safe
security invoker
return case
    when p_customer_type = 'vip' then 'hot'
    when p_lifecycle_stage = 'at_risk' then 'warm'
    else 'cold'
end;

comment on function trustcart_private.call_priority_of(text, text) is
'How urgently to call a customer of a stage and a type (guide: call_priority of "customer_intelligence"). Never null.';

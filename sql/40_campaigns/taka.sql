create or replace function trustcart_private.taka(p_amount numeric)
returns text
language sql immutable parallel safe
security invoker
return case when p_amount = trunc(p_amount) then trunc(p_amount)::text else round(p_amount, 2)::text end;

comment on function trustcart_private.taka(numeric) is
'An amount as messages write it: 1500, and 1500.50 where it has paisa.';

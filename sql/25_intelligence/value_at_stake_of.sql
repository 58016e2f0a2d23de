create or replace function trustcart_private.value_at_stake_of(p_alive double precision, p_expected_value numeric)
returns numeric
language sql immutable parallel safe
security invoker
return round(p_expected_value * (1 - p_alive)::numeric, 2);
comment on function trustcart_private.value_at_stake_of(double precision, numeric) is
'What a call could keep, in taka: the value of the orders expected of a customer, times the probability that the
customer is on the way out. Small both for who surely comes back without a call and for who has surely left.';

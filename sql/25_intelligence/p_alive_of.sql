create or replace function trustcart_private.p_alive_of(
    p_model trustcart.customer_models, p_repeat_orders integer, p_recency_days integer, p_age_days integer
)
returns double precision
language sql immutable parallel safe
security invoker
-- exp() fails far from 0; beyond 600 the answer is 0 to every digit.
return case
    when p_repeat_orders = 0 then 1
    else 1 / (1 + exp(least(
        ln((p_model).a / ((p_model).b + p_repeat_orders - 1))
        + ((p_model).r + p_repeat_orders)
        * ln(((p_model).alpha + p_age_days / 7.0) / ((p_model).alpha + p_recency_days / 7.0)),
        600
    )))
end;
comment on function trustcart_private.p_alive_of(trustcart.customer_models, integer, integer, integer) is
'The probability that a customer has not left for good (BG/NBD: Fader, Hardie and Lee 2008, "Computing P(alive)"): 1
before the second order. Days from the first order: to the last, and to now.';

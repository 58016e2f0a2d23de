create or replace function trustcart_private.order_value_of(
    p_model trustcart.customer_models, p_repeat_orders integer, p_mean_value numeric
)
returns double precision
language sql immutable parallel safe
security invoker
return case
    when p_repeat_orders > 0 and p_mean_value > 0
        then
            (p_model).value_p * ((p_model).value_gamma + p_repeat_orders * p_mean_value::double precision)
            / ((p_model).value_p * p_repeat_orders + (p_model).value_q - 1)
    else (p_model).value_p * (p_model).value_gamma / ((p_model).value_q - 1)
end;
comment on function trustcart_private.order_value_of(trustcart.customer_models, integer, numeric) is
'What an order of the customer is expected to be worth, in taka (Gamma-Gamma: Fader and Hardie 2013, equation 5):
between the mean of the own repeat orders and that of the shop, the nearer to the own the more there are. The model
must be one that converged.';

-- requires: ln_gamma, digamma

create or replace function trustcart_private.value_likelihood(
    p_parameters double precision[],
    p_frequency double precision[],
    p_mean_value double precision[],
    p_unused double precision[],
    p_customers double precision[]
)
returns double precision[]
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_p double precision := p_parameters[1];
    v_q double precision := p_parameters[2];
    v_gamma double precision := p_parameters[3];
    v_result double precision[];
begin
    with terms as (
        select
            g.customers,
            g.frequency,
            v_p * g.frequency as shape,
            ln(g.mean_value) as log_value,
            v_gamma + g.frequency * g.mean_value as rate
        from unnest(p_frequency, p_mean_value, p_customers) as g (frequency, mean_value, customers)
        offset 0
    )

    select
        array[
            sum(t.customers * (
                trustcart_private.ln_gamma(t.shape + v_q)
                - trustcart_private.ln_gamma(t.shape)
                - trustcart_private.ln_gamma(v_q)
                + v_q * ln(v_gamma)
                + t.shape * (t.log_value + ln(t.frequency))
                - t.log_value
                - (t.shape + v_q) * ln(t.rate)
            )),
            v_p * sum(t.customers * t.frequency * (
                trustcart_private.digamma(t.shape + v_q)
                - trustcart_private.digamma(t.shape)
                + t.log_value + ln(t.frequency) - ln(t.rate)
            )),
            v_q * sum(t.customers * (
                trustcart_private.digamma(t.shape + v_q)
                - trustcart_private.digamma(v_q)
                + ln(v_gamma) - ln(t.rate)
            )),
            v_gamma * sum(t.customers * (v_q / v_gamma - (t.shape + v_q) / t.rate))
        ]
    into v_result
    from terms as t;
    return v_result;
end;
$$;
comment on function trustcart_private.value_likelihood(
    double precision[], double precision[], double precision[], double precision[], double precision[]
) is
'The log-likelihood of the Gamma-Gamma model of order values (Fader and Hardie 2013, equation 1a) with the parameters
p, q and gamma, and its derivatives by the logarithm of each, in this order. The customers come in groups: repeat
orders, their mean value, an argument that this model has no use for, how many customers.';

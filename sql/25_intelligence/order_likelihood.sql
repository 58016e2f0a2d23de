create or replace function trustcart_private.order_likelihood(
    p_parameters double precision[],
    p_frequency double precision[],
    p_recency double precision[],
    p_age double precision[],
    p_customers double precision[]
)
returns double precision[]
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_r double precision := p_parameters[1];
    v_alpha double precision := p_parameters[2];
    v_a double precision := p_parameters[3];
    v_b double precision := p_parameters[4];
    v_factors double precision[];
    v_groups double precision[];
begin
    -- The gamma functions of a whole number x are products: Gamma(r + x) / Gamma(r) = r (r + 1) ... (r + x - 1). So each
    -- factor r + i stands once for every customer with more than i repeat orders.
    with orders as (
        select
            g.frequency,
            sum(g.customers) as customers
        from unnest(p_frequency, p_customers) as g (frequency, customers)
        where g.frequency > 0
        group by g.frequency
    ),

    steps as (
        select
            lag(o.frequency, 1, 0) over (order by o.frequency) as i_from,
            o.frequency - 1 as i_to,
            sum(o.customers) over (order by o.frequency desc) as customers
        from orders as o
    )

    select
        array[
            sum(s.customers * (ln(v_r + i.i) + ln(v_b + i.i) - ln(v_a + v_b + i.i))),
            sum(s.customers / (v_r + i.i)),
            -sum(s.customers / (v_a + v_b + i.i)),
            sum(s.customers * (1 / (v_b + i.i) - 1 / (v_a + v_b + i.i)))
        ]
    into v_factors
    from steps as s
    cross join lateral generate_series(s.i_from::integer, s.i_to::integer) as i (i);

    -- What is left is the sum of two powers, of having stayed and of having left after the last order: share is that of
    -- the second. exp() fails below -745, hence the bound.
    with terms as (
        select
            g.customers,
            g.frequency,
            v_r + g.frequency as shape,
            v_alpha + g.age as until_now,
            v_alpha + g.recency as until_last,
            case
                when g.frequency > 0
                    then
                        ln(v_a / (v_b + g.frequency - 1))
                        + (v_r + g.frequency) * ln((v_alpha + g.age) / (v_alpha + g.recency))
            end as odds
        from unnest(p_frequency, p_recency, p_age, p_customers) as g (frequency, recency, age, customers)
        offset 0
    ),

    shares as (
        select
            t.*,
            coalesce(greatest(t.odds, 0) + ln(1 + exp(-least(abs(t.odds), 700))), 0) as rest,
            coalesce(
                case when t.odds > 0 then 1 else exp(-least(-t.odds, 700)) end / (1 + exp(-least(abs(t.odds), 700))), 0
            ) as share
        from terms as t
        offset 0
    )

    select
        array[
            sum(s.customers * (v_r * ln(v_alpha) - s.shape * ln(s.until_now) + s.rest)),
            sum(s.customers * (ln(v_alpha) - ln(s.until_now) + s.share * ln(s.until_now / s.until_last))),
            sum(s.customers * (
                v_r / v_alpha - s.shape * ((1 - s.share) / s.until_now + s.share / s.until_last)
            )),
            sum(s.customers * s.share) / v_a,
            -sum(s.customers * s.share / (v_b + s.frequency - 1)) filter (where s.frequency > 0)
        ]
    into v_groups
    from shares as s;

    return array[
        coalesce(v_factors[1], 0) + v_groups[1],
        v_r * (coalesce(v_factors[2], 0) + v_groups[2]),
        v_alpha * v_groups[3],
        v_a * (coalesce(v_factors[3], 0) + v_groups[4]),
        v_b * (coalesce(v_factors[4], 0) + coalesce(v_groups[5], 0))
    ];
end;
$$;
comment on function trustcart_private.order_likelihood(
    double precision[], double precision[], double precision[], double precision[], double precision[]
) is
'The log-likelihood of the BG/NBD model (Fader, Hardie and Lee 2005, equation 6) with the parameters r, alpha, a and b,
and its derivatives by the logarithm of each, in this order. The customers come in groups: repeat orders, time from
the first to the last order, time from the first to now, how many customers.';

create or replace function trustcart_private.ln_gamma(p_x double precision)
returns double precision
language sql immutable parallel safe strict
security invoker
-- Stirling's series is exact to the last digits from 10 on, and Gamma(x) = Gamma(x + 10) / (x (x + 1) ... (x + 9)). No
-- case for large numbers: one expression is put into the query that asks (a statement with a FROM would not be).
return (p_x + 9.5) * ln(p_x + 10) - (p_x + 10) + 0.91893853320467274
+ (
    1 - (
        1 - (1 - (1 - (140 / 99.0::double precision) / (p_x + 10) ^ 2) * 0.75 / (p_x + 10) ^ 2) / (3.5 * (p_x + 10) ^ 2)
    ) / (30 * (p_x + 10) ^ 2)
) / (12 * (p_x + 10))
- ln(p_x * (p_x + 1) * (p_x + 2) * (p_x + 3) * (p_x + 4))
- ln((p_x + 5) * (p_x + 6) * (p_x + 7) * (p_x + 8) * (p_x + 9));
comment on function trustcart_private.ln_gamma(double precision) is
'The natural logarithm of the gamma function of a number above 0 and below 1e60, to about 13 digits (Stirling''s series:
Abramowitz and Stegun 6.1.41). Postgres has lgamma() from 18 on; this gives the same on every version. At 0 or below: an
error of ln().';

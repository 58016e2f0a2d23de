create or replace function trustcart_private.digamma(p_x double precision)
returns double precision
language sql immutable parallel safe strict
security invoker
-- As in ln_gamma().
return ln(p_x + 10) - 0.5 / (p_x + 10)
- (
    1 - (
        1 - (
            1 - (1 - (20 / 11.0::double precision) / (p_x + 10) ^ 2) * 1.05 / (p_x + 10) ^ 2
        ) / (2.1 * (p_x + 10) ^ 2)
    ) / (10 * (p_x + 10) ^ 2)
) / (12 * (p_x + 10) ^ 2)
- 1 / p_x - 1 / (p_x + 1) - 1 / (p_x + 2) - 1 / (p_x + 3) - 1 / (p_x + 4)
- 1 / (p_x + 5) - 1 / (p_x + 6) - 1 / (p_x + 7) - 1 / (p_x + 8) - 1 / (p_x + 9);
comment on function trustcart_private.digamma(double precision) is
'The derivative of ln_gamma(), of a number above 0, to about 13 digits (Abramowitz and Stegun 6.3.18).';

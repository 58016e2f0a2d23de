create or replace function trustcart.wilson_interval(p_successes bigint, p_trials bigint)
returns double precision[]
language sql immutable parallel safe
security invoker
return case
    when p_successes between 0 and p_trials and p_trials > 0
        then array[
            -- Rounding must not leave 0 or 1 where the bound is exactly that.
            case
                when p_successes = 0 then 0
                else (
                    2.0 * p_successes + 3.841458820694124
                    - 1.959963984540054
                    * sqrt(3.841458820694124 + 4.0 * p_successes * (1 - p_successes::double precision / p_trials))
                ) / (2 * (p_trials + 3.841458820694124))
            end,
            case
                when p_successes = p_trials then 1
                else (
                    2.0 * p_successes + 3.841458820694124
                    + 1.959963984540054
                    * sqrt(3.841458820694124 + 4.0 * p_successes * (1 - p_successes::double precision / p_trials))
                ) / (2 * (p_trials + 3.841458820694124))
            end
        ]
end;

comment on function trustcart.wilson_interval(bigint, bigint) is
'Lower and upper bound of the 95% confidence interval of a share, such as 12 answers to 200 messages (Wilson 1927,
without continuity correction); null without trials.';

-- requires: wilson_interval

create or replace function trustcart.newcombe_interval(
    p_successes bigint, p_trials bigint, p_other_successes bigint, p_other_trials bigint
)
returns double precision[]
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_one double precision[] := trustcart.wilson_interval(p_successes, p_trials);
    v_other double precision[] := trustcart.wilson_interval(p_other_successes, p_other_trials);
    v_share double precision;
    v_other_share double precision;
begin
    if v_one is null or v_other is null then
        return null;
    end if;
    v_share := p_successes::double precision / p_trials;
    v_other_share := p_other_successes::double precision / p_other_trials;
    return array[
        v_share - v_other_share - sqrt(power(v_share - v_one[1], 2) + power(v_other[2] - v_other_share, 2)),
        v_share - v_other_share + sqrt(power(v_one[2] - v_share, 2) + power(v_other_share - v_other[1], 2))
    ];
end;
$$;
comment on function trustcart.newcombe_interval(bigint, bigint, bigint, bigint) is
'Lower and upper bound of the 95% confidence interval of the difference of two independent shares, the first less the
other (Newcombe 1998, method 10: from the two Wilson intervals); null when one has no trials.';

-- requires: order_likelihood, value_likelihood

create or replace function trustcart_private.maximise_likelihood(
    p_likelihood text,
    p_start double precision[],
    p_first double precision[],
    p_second double precision[],
    p_third double precision[],
    p_customers double precision[]
)
returns table (
    parameters double precision[],
    log_likelihood double precision,
    evaluations integer,
    is_converged boolean,
    steepness double precision
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_tolerance constant double precision := 1e-8;  -- of the slope, a customer
    c_bound constant double precision := 14;  -- of a parameter's logarithm: a million to either side
    c_evaluations constant integer := 200;
    c_patience constant integer := 25;  -- evaluations that together must raise the likelihood by ...
    c_gain constant double precision := 1e-7;  -- ... this much, a customer
    c_digits constant double precision := 1e-13;  -- how exactly a sum of so many terms is known
    c_many constant integer := 50000;  -- groups, of which ...
    c_sample constant integer := 16;  -- ... one of so many shows the way
    v_size constant integer := cardinality(p_start);
    v_share integer;
    v_first double precision[];
    v_second double precision[];
    v_third double precision[];
    v_customers double precision[];
    v_total double precision;
    v_call constant text := format('select trustcart_private.%I($1, $2, $3, $4, $5)', p_likelihood);
    v_x double precision[];  -- logarithms of the parameters
    v_f double precision;  -- what is made small: minus the likelihood, a customer
    v_g double precision[];
    v_next_x double precision[];
    v_next_f double precision;
    v_next_g double precision[];
    v_h double precision[];  -- the inverse of the curvature as far as known, row by row
    v_direction double precision[];
    v_slope double precision;
    v_step double precision;
    v_s double precision[];
    v_y double precision[];
    v_hy double precision[];
    v_sy double precision;
    v_yhy double precision;
    v_answer double precision[];
    v_is_fresh boolean := true;
    v_is_stalled boolean;
    v_mark integer;
    v_mark_f double precision;
begin
    v_x := array(select ln(s.s) from unnest(p_start) with ordinality as s (s, i) order by s.i);
    -- Of many groups a part, taken from all over their order, leads to within a few steps of where all of them do, and
    -- the curvature is as good as theirs.
    foreach v_share in array case when cardinality(p_first) > c_many then array[c_sample, 1] else array[1] end loop
        if v_share = 1 then
            v_first := p_first;
            v_second := p_second;
            v_third := p_third;
            v_customers := p_customers;
        else
            select
                array_agg(g.first order by g.i),
                array_agg(g.second order by g.i),
                array_agg(g.third order by g.i),
                array_agg(g.customers order by g.i)
            into v_first, v_second, v_third, v_customers
            from unnest(p_first, p_second, p_third, p_customers) with ordinality as g (
                first, second, third, customers, i
            )
            where g.i % v_share = 0;
        end if;
        v_total := (select sum(c.c) from unnest(v_customers) as c (c));
        execute v_call
        into v_answer
        using
            array(select exp(x.x) from unnest(v_x) with ordinality as x (x, i) order by x.i),
            v_first, v_second, v_third, v_customers;
        evaluations := 1;
        v_f := -v_answer[1] / v_total;
        v_g := array(select -a.a / v_total from unnest(v_answer[2:]) with ordinality as a (a, i) order by a.i);
        v_mark := 1;
        v_mark_f := v_f;
        v_is_stalled := false;

        -- Broyden, Fletcher, Goldfarb and Shanno's method (Nocedal and Wright 2006, algorithm 6.1) on the logarithms, so
        -- that every parameter stays above 0; steps are halved until the likelihood rises enough.
        <<search>>
        loop
            steepness := (select max(abs(g.g)) from unnest(v_g) as g (g));
            exit when steepness < c_tolerance or evaluations >= c_evaluations;
            -- Customers who are all alike have no highest point: the likelihood levels out along a ridge on which the
            -- parameters grow and say the same. There the search ends too.
            if evaluations >= v_mark + c_patience then
                v_is_stalled := v_mark_f - v_f < c_gain;
                exit when v_is_stalled;
                v_mark := evaluations;
                v_mark_f := v_f;
            end if;
            if v_is_fresh then
                v_h := array(
                    select case when i.i = j.j then 1.0 / greatest(steepness, 1) else 0.0 end
                    from generate_series(1, v_size) as i (i)
                    cross join generate_series(1, v_size) as j (j)
                    order by i.i, j.j
                );
            end if;
            v_direction := array(
                select -sum(v_h[(i.i - 1) * v_size + j.j] * v_g[j.j])
                from generate_series(1, v_size) as i (i)
                cross join generate_series(1, v_size) as j (j)
                group by i.i
                order by i.i
            );
            v_slope := (select sum(d.d * d.g) from unnest(v_direction, v_g) as d (d, g));
            -- What the curvature still promises is less than the digits of the likelihood can tell: steps would be halved
            -- in vain.
            v_is_stalled := not v_is_fresh and -v_slope < c_digits * greatest(abs(v_f), 1);
            exit when v_is_stalled;
            v_step := least(1, 2 / (select max(abs(d.d)) from unnest(v_direction) as d (d)));
            loop
                v_next_x := array(
                    select least(greatest(d.x + v_step * d.d, -c_bound), c_bound)
                    from unnest(v_x, v_direction) with ordinality as d (x, d, i)
                    order by d.i
                );
                execute v_call
                into v_answer
                using
                    array(select exp(x.x) from unnest(v_next_x) with ordinality as x (x, i) order by x.i),
                    v_first, v_second, v_third, v_customers;
                evaluations := evaluations + 1;
                v_next_f := -v_answer[1] / v_total;
                exit when v_next_f <= v_f + 1e-4 * v_step * v_slope;
                if v_step < 1e-10 or evaluations >= c_evaluations then
                    -- Nothing higher in this direction: once more along the slope itself, else the digits are used up.
                    exit search when v_is_fresh or evaluations >= c_evaluations;
                    v_is_fresh := true;
                    continue search;
                end if;
                v_step := v_step / 2;
            end loop;
            v_next_g := array(select -a.a / v_total from unnest(v_answer[2:]) with ordinality as a (a, i) order by a.i);

            v_s := array(select d.a - d.b from unnest(v_next_x, v_x) with ordinality as d (a, b, i) order by d.i);
            v_y := array(select d.a - d.b from unnest(v_next_g, v_g) with ordinality as d (a, b, i) order by d.i);
            v_sy := (select sum(d.s * d.y) from unnest(v_s, v_y) as d (s, y));
            v_is_fresh := v_sy <= 0;
            if not v_is_fresh then
                v_hy := array(
                    select sum(v_h[(i.i - 1) * v_size + j.j] * v_y[j.j])
                    from generate_series(1, v_size) as i (i)
                    cross join generate_series(1, v_size) as j (j)
                    group by i.i
                    order by i.i
                );
                v_yhy := (select sum(d.y * d.h) from unnest(v_y, v_hy) as d (y, h));
                v_h := array(
                    select
                        v_h[(i.i - 1) * v_size + j.j]
                        + (1 + v_yhy / v_sy) * v_s[i.i] * v_s[j.j] / v_sy
                        - (v_hy[i.i] * v_s[j.j] + v_s[i.i] * v_hy[j.j]) / v_sy
                    from generate_series(1, v_size) as i (i)
                    cross join generate_series(1, v_size) as j (j)
                    order by i.i, j.j
                );
            end if;
            v_x := v_next_x;
            v_f := v_next_f;
            v_g := v_next_g;
        end loop;
    end loop;

    parameters := array(select exp(x.x) from unnest(v_x) with ordinality as x (x, i) order by x.i);
    log_likelihood := -v_f * v_total;
    -- Where the digits are used up, the slope is as flat as they can tell.
    is_converged := v_is_stalled or steepness < 1e-6;
    return next;
end;
$$;
comment on function trustcart_private.maximise_likelihood(
    text, double precision[], double precision[], double precision[], double precision[], double precision[]
) is
'The parameters, all above 0, for which order_likelihood() or value_likelihood() (p_likelihood) is highest, searched
from p_start on; the other arguments are those of that function. evaluations: of all groups, those of a part that led
there not counted; steepness: the largest derivative left, a customer; is_converged: false when the search ended after
200 evaluations while the likelihood still rose.';

create or replace function trustcart_private.orders_while_alive(
    p_model trustcart.customer_models, p_repeat_orders integer, p_age_days integer, p_days integer
)
returns double precision
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_accuracy constant double precision := 1e-13;
    v_x constant double precision := p_repeat_orders;
    v_r constant double precision := (p_model).r;
    v_b constant double precision := (p_model).b;
    -- Where a is 1 the formula is 0/0; a little beside it, it is right to nine digits.
    v_a constant double precision := case
        when abs((p_model).a - 1) < 1e-6 then 1 + 1e-6
        else (p_model).a
    end;
    v_z constant double precision := (p_days / 7.0) / ((p_model).alpha + (p_age_days + p_days) / 7.0);
    -- The paper's series, or by Euler's transformation one whose terms fall faster; that one grows beyond all bounds
    -- where a is large.
    v_is_transformed constant boolean := v_a < 20;
    v_first constant double precision := case when v_is_transformed then v_a + v_b - 1 - v_r else v_r + v_x end;
    v_second constant double precision := case when v_is_transformed then v_a - 1 else v_b + v_x end;
    v_third constant double precision := v_a + v_b + v_x - 1;
    v_power constant double precision := case when v_is_transformed then v_a - 1 else v_r + v_x end;
    -- The power goes into the first term, so that the sum is never out of range.
    v_term double precision := exp(greatest(v_power * ln(1 - v_z), -700));
    v_sum double precision := v_term;
    v_n integer := 0;
begin
    loop
        v_term := v_term * (v_first + v_n) * (v_second + v_n) / ((v_third + v_n) * (v_n + 1)) * v_z;
        v_sum := v_sum + v_term;
        v_n := v_n + 1;
        -- Not before the terms fall.
        exit when
            abs(v_term) < c_accuracy * (1 - v_z) * abs(v_sum)
            and abs((v_first + v_n) * (v_second + v_n) * v_z) < (v_third + v_n) * (v_n + 1)
            or v_n >= 20000;
    end loop;
    return greatest(v_third / (v_a - 1) * (1 - v_sum), 0);
end;
$$;
comment on function trustcart_private.orders_while_alive(trustcart.customer_models, integer, integer, integer) is
'How many orders to expect within p_days of a customer who has not left for good, with so many repeat orders and first
ordered p_age_days ago (BG/NBD: Fader, Hardie and Lee 2005, equation 10, without its last factor). Times p_alive_of()
it is what to expect of the customer.';

-- requires: all_order_histories, maximise_likelihood, business_date, require_date

create or replace function trustcart.fit_customer_model(
    p_from date default null, p_to date default trustcart.business_date() - 1
)
returns trustcart.customer_models
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set work_mem = '256MB'
as $$
declare
    v_to date := trustcart_private.require_date(p_to);
    v_from date;
    v_model trustcart.customer_models;
    v_orders record;
    v_order_fit record;
    v_value_fit record;
    v_problems text[] := array[]::text[];
begin
    if p_from is not null then
        v_from := trustcart_private.require_date(p_from);
        if v_from > v_to then
            raise exception using
                errcode = 'TC005',
                message = format('the orders would begin on %s and end before that, on %s', v_from, v_to),
                hint = 'Give p_from first, then p_to.';
        end if;
    end if;
    if v_to > trustcart.business_date() then
        raise exception using
            errcode = 'TC001',
            message = format('%s is still to come', v_to),
            hint = 'A model is fitted to orders up to a day that has passed: leave p_to out for yesterday.';
    end if;

    with histories as materialized (
        select h.*
        from trustcart_private.all_order_histories(v_from, v_to) as h
    ),

    order_groups as (
        select
            h.repeat_orders,
            h.last_order_date - h.first_order_date as recency,
            v_to - h.first_order_date as age,
            count(*) as customers
        from histories as h
        group by h.repeat_orders, recency, age
        order by h.repeat_orders, recency, age
    ),

    -- Three digits of the mean value are more than the spread of a customer's orders can tell apart.
    value_groups as (
        select
            h.repeat_orders,
            round(h.mean_value, 2 - floor(log(h.mean_value::double precision))::integer) as mean_value,
            count(*) as customers
        from histories as h
        where h.mean_value > 0
        group by h.repeat_orders, 2
        order by h.repeat_orders, 2
    )

    select
        (select min(h.first_order_date) from histories as h) as first_order_date,
        o.*,
        v.*
    into v_orders
    from (
        select
            coalesce(sum(g.customers), 0)::integer as customers,
            coalesce(sum(g.customers) filter (where g.repeat_orders > 0), 0)::integer as repeat_customers,
            coalesce(max(g.age), 0) as oldest,
            count(*)::integer as order_groups,
            array_agg(g.repeat_orders::double precision) as repeat_orders,
            array_agg(g.recency / 7.0::double precision) as recencies,
            array_agg(g.age / 7.0::double precision) as ages,
            array_agg(g.customers::double precision) as group_customers
        from order_groups as g
    ) as o
    cross join (
        select
            coalesce(sum(g.customers), 0)::integer as value_customers,
            count(*)::integer as value_groups,
            array_agg(g.repeat_orders::double precision) as value_repeat_orders,
            array_agg(g.mean_value::double precision) as mean_values,
            array_agg(g.customers::double precision) as value_group_customers,
            exp(sum(g.customers * ln(g.mean_value)) / sum(g.customers))::double precision as usual_value
        from value_groups as g
    ) as v;

    if v_orders.repeat_customers = 0 then
        raise exception using
            errcode = 'TC220',
            message = case v_orders.customers
                when 0 then format('nobody''s first order lies between %s and %s', coalesce(v_from, '-infinity'), v_to)
                else format(
                    'none of the %s customers between %s and %s ordered on a second day: there is nothing to learn from',
                    v_orders.customers, v_orders.first_order_date, v_to
                )
            end,
            hint = 'Take in more orders: an earlier p_from, or a later p_to. Until then the guide''s bands apply.';
    end if;

    -- From a shop's usual figures: a few weeks between orders, and one in four leaving after each.
    select m.*
    into v_order_fit
    from trustcart_private.maximise_likelihood(
        'order_likelihood',
        array[1, greatest(v_orders.oldest / 7.0 / 8, 1), 1, 3]::double precision[],
        v_orders.repeat_orders, v_orders.recencies, v_orders.ages, v_orders.group_customers
    ) as m;
    if not v_order_fit.is_converged then
        v_problems := v_problems || format(
            'the likelihood of the orders has no highest point that %s evaluations found', v_order_fit.evaluations
        );
    end if;

    -- Two who order twice are the least that could differ.
    if v_orders.value_groups > 1 then
        select m.*
        into v_value_fit
        from trustcart_private.maximise_likelihood(
            'value_likelihood',
            array[2, 3, v_orders.usual_value]::double precision[],
            v_orders.value_repeat_orders, v_orders.mean_values, null, v_orders.value_group_customers
        ) as m;
        if not v_value_fit.is_converged then
            v_problems := v_problems || format(
                'that of their values has none that %s evaluations found', v_value_fit.evaluations
            );
        elsif v_value_fit.parameters[2] <= 1 then
            v_problems := v_problems || 'customers differ so much in what they spend that the model knows no mean'::text;
        end if;
    else
        select
            null::double precision[] as parameters,
            null::double precision as log_likelihood,
            null::integer as evaluations
        into v_value_fit;
        v_problems := v_problems || format(
            '%s customers with repeat orders of a value are too few to tell values from', v_orders.value_customers
        );
    end if;

    insert into trustcart.customer_models (
        fitted_on, orders_from, orders_to, customers, repeat_customers, order_groups, r, alpha, a, b, log_likelihood,
        evaluations, value_customers, value_groups, value_p, value_q, value_gamma, value_log_likelihood,
        value_evaluations, is_converged, problem
    )
    values (
        trustcart.business_date(),
        coalesce(v_from, v_orders.first_order_date),
        v_to,
        v_orders.customers,
        v_orders.repeat_customers,
        v_orders.order_groups,
        v_order_fit.parameters[1],
        v_order_fit.parameters[2],
        v_order_fit.parameters[3],
        v_order_fit.parameters[4],
        v_order_fit.log_likelihood,
        v_order_fit.evaluations,
        v_orders.value_customers,
        v_orders.value_groups,
        v_value_fit.parameters[1],
        v_value_fit.parameters[2],
        v_value_fit.parameters[3],
        v_value_fit.log_likelihood,
        v_value_fit.evaluations,
        v_problems = '{}',
        nullif(array_to_string(v_problems, '; '), '')
    )
    returning * into v_model;
    return v_model;
end;
$$;
comment on function trustcart.fit_customer_model(date, date) is
'Fits who still buys, and for how much, to the counted orders up to p_to of the customers whose first is not before
p_from (null: all), writes the model down and returns its row. Time counts in weeks, at most one order a customer a
day. One that did not converge says why in problem, and is never used. The likelihood is computed over groups of equal
customers, so a million cost what their different histories do. TC001 and TC005 for the dates, TC220 where nobody
ordered twice.';

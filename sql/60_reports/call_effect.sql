-- requires: check_period, newcombe_interval

create or replace function trustcart.call_effect(p_from date, p_to date, p_days integer default 28)
returns table (
    called_customers bigint,
    held_out_customers bigint,
    called_buyers bigint,
    held_out_buyers bigint,
    buyers_lift numeric,
    buyers_lift_low numeric,
    buyers_lift_high numeric,
    orders_per_called numeric,
    orders_per_held_out numeric,
    orders_lift numeric,
    orders_lift_low numeric,
    orders_lift_high numeric,
    revenue_per_called numeric,
    revenue_per_held_out numeric,
    revenue_lift numeric,
    revenue_lift_low numeric,
    revenue_lift_high numeric,
    revenue_of_calling numeric
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform trustcart.check_period(p_from, p_to);
    if (p_days between 1 and 3650) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('%s is not a number of days', coalesce(p_days::text, 'null')),
            hint = 'Give 1 to 3650: for how many days from the call on orders count.';
    end if;

    return query
    -- Who was to be called counts as called, whatever became of the call: whom agents reach, and whom they leave for
    -- tomorrow, is no chance. Both from their first day in the period.
    with arms as (
        select
            t.customer_id,
            true as is_called,
            min(t.task_date) as began_on
        from trustcart.crm_call_tasks as t
        where
            t.source = 'generated'
            and t.task_date between p_from and p_to
            -- Whoever asked for a call is called, held out or not, and so says nothing.
            and t.task_type <> 'follow_up'
            and not exists (
                select from trustcart.call_holdouts as h
                where h.customer_id = t.customer_id and h.task_date between p_from and p_to
            )
        group by t.customer_id
        union all
        select
            h.customer_id,
            false,
            min(h.task_date)
        from trustcart.call_holdouts as h
        where h.task_date between p_from and p_to
        group by h.customer_id
    ),

    outcomes as (
        select
            a.is_called,
            coalesce(o.orders, 0) as orders,
            coalesce(o.revenue, 0) as revenue
        from arms as a
        left join lateral (
            select
                count(*) as orders,
                sum(so.total_amount) as revenue
            from trustcart.sales_orders as so
            inner join trustcart.order_statuses as os on so.status = os.status and os.counts
            where
                so.customer_id = a.customer_id
                and so.order_date >= a.began_on
                and so.order_date < a.began_on + p_days
        ) as o on true
    ),

    figures as (
        select
            count(*) filter (where o.is_called) as n,
            count(*) filter (where not o.is_called) as m,
            count(*) filter (where o.is_called and o.orders > 0) as n_buyers,
            count(*) filter (where not o.is_called and o.orders > 0) as m_buyers,
            avg(o.orders) filter (where o.is_called) as n_orders,
            avg(o.orders) filter (where not o.is_called) as m_orders,
            avg(o.revenue) filter (where o.is_called) as n_revenue,
            avg(o.revenue) filter (where not o.is_called) as m_revenue,
            var_samp(o.orders) filter (where o.is_called) as n_orders_spread,
            var_samp(o.orders) filter (where not o.is_called) as m_orders_spread,
            var_samp(o.revenue) filter (where o.is_called) as n_revenue_spread,
            var_samp(o.revenue) filter (where not o.is_called) as m_revenue_spread
        from outcomes as o
    )

    select
        f.n,
        f.m,
        f.n_buyers,
        f.m_buyers,
        round(f.n_buyers::numeric / nullif(f.n, 0) - f.m_buyers::numeric / nullif(f.m, 0), 4),
        round(d.share[1]::numeric, 4),
        round(d.share[2]::numeric, 4),
        round(f.n_orders, 4),
        round(f.m_orders, 4),
        round(f.n_orders - f.m_orders, 4),
        round(f.n_orders - f.m_orders - d.orders_margin, 4),
        round(f.n_orders - f.m_orders + d.orders_margin, 4),
        round(f.n_revenue, 2),
        round(f.m_revenue, 2),
        round(f.n_revenue - f.m_revenue, 2),
        round(f.n_revenue - f.m_revenue - d.revenue_margin, 2),
        round(f.n_revenue - f.m_revenue + d.revenue_margin, 2),
        round((f.n_revenue - f.m_revenue) * f.n, 2)
    from figures as f
    cross join lateral (
        select
            trustcart.newcombe_interval(f.n_buyers, f.n, f.m_buyers, f.m) as share,
            1.959963984540054 * sqrt(f.n_orders_spread / nullif(f.n, 0) + f.m_orders_spread / nullif(f.m, 0)) as orders_margin,
            1.959963984540054 * sqrt(f.n_revenue_spread / nullif(f.n, 0) + f.m_revenue_spread / nullif(f.m, 0)) as revenue_margin
    ) as d;
end;
$$;
comment on function trustcart.call_effect(date, date, integer) is
'Whether calling helped: customers whom the lists of a period had for a call ("intention to treat") against those held
out by settings.call_holdout_share, one row. Of each arm how many bought, and orders and taka a customer, within
p_days from the first such day on; lifts are the differences, with the bounds of their 95% confidence intervals (of
buyers by Newcombe, of means by the normal approximation; null with fewer than two customers an arm);
revenue_of_calling is the lift times the called. An interval that holds 0 proves nothing. Writes nothing. TC001 and
TC005 for the arguments.';

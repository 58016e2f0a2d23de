-- requires: business_date, require_date

create or replace function trustcart.rfm_scores(p_as_of date default trustcart.business_date())
returns table (
    customer_id bigint,
    recency_days integer,
    order_count integer,
    total_spend numeric,
    recency_score smallint,
    frequency_score smallint,
    monetary_score smallint,
    segment text
)
language plpgsql stable parallel safe
security definer
rows 100000
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
begin
    return query
    with figures as materialized (
        -- The maintained figures hold for every date from their last order to the day before the next.
        select
            c.id as customer_id,
            c.order_count,
            c.total_spend,
            c.last_order_date
        from trustcart.customers as c
        where
            c.order_count > 0
            and c.last_order_date <= v_as_of
            and (c.next_order_date is null or c.next_order_date > v_as_of)
        union all
        select
            c.id,
            o.order_count,
            o.total_spend,
            o.last_order_date
        from trustcart.customers as c
        cross join lateral (
            select
                count(*)::integer as order_count,
                sum(so.total_amount) as total_spend,
                max(so.order_date) as last_order_date
            from trustcart.sales_orders as so
            inner join trustcart.order_statuses as os on so.status = os.status and os.counts
            where so.customer_id = c.id and so.order_date <= v_as_of
        ) as o
        where (c.last_order_date > v_as_of or c.next_order_date <= v_as_of) and o.order_count > 0
    ),

    -- Where a fifth of the customers ends. Who has the same figure is in the same fifth.
    cuts as materialized (
        select
            percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by f.last_order_date) as last_orders,
            percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by f.order_count) as counts,
            percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by f.total_spend) as spends
        from figures as f
    ),

    scored as (
        select
            f.*,
            (
                1 + (f.last_order_date > k.last_orders[1])::integer + (f.last_order_date > k.last_orders[2])::integer
                + (f.last_order_date > k.last_orders[3])::integer + (f.last_order_date > k.last_orders[4])::integer
            )::smallint as r,
            (
                1 + (f.order_count > k.counts[1])::integer + (f.order_count > k.counts[2])::integer
                + (f.order_count > k.counts[3])::integer + (f.order_count > k.counts[4])::integer
            )::smallint as f,
            (
                1 + (f.total_spend > k.spends[1])::integer + (f.total_spend > k.spends[2])::integer
                + (f.total_spend > k.spends[3])::integer + (f.total_spend > k.spends[4])::integer
            )::smallint as m
        from figures as f
        cross join cuts as k
    )

    select
        s.customer_id,
        v_as_of - s.last_order_date,
        s.order_count,
        s.total_spend,
        s.r,
        s.f,
        s.m,
        g.segment
    from scored as s
    left join trustcart.rfm_segments as g on s.r = g.recency_score and (s.f + s.m + 1) / 2 = g.value_score;
end;
$$;
comment on function trustcart.rfm_scores(date) is
'Recency, frequency and monetary value of every customer with a counted order up to a date, past ones too: the figures
(days since the last order, counted orders, taka), the quintile of each, 5 the best, and the segment of rfm_segments.
Who has the same figure is in the same quintile, so one may be empty: where most order once, nobody''s frequency is
below theirs. Writes nothing. Errors: TC001.';

-- requires: business_date, require_date

create or replace function trustcart.refresh_cohorts(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_written integer;
    v_removed integer;
begin
    with months as (
        select
            so.customer_id,
            date_trunc('month', so.order_date)::date as month,
            count(*) as orders,
            sum(so.total_amount) as revenue
        from trustcart.sales_orders as so
        inner join trustcart.order_statuses as os on so.status = os.status and os.counts
        where so.order_date <= v_as_of
        group by so.customer_id, 2
    ),

    counted as materialized (
        select
            f.cohort,
            (
                (extract(year from f.month) - extract(year from f.cohort)) * 12
                + extract(month from f.month) - extract(month from f.cohort)
            )::smallint as month_number,
            count(*)::integer as customers,
            sum(f.orders)::integer as orders,
            sum(f.revenue) as revenue
        from (
            select
                m.*,
                min(m.month) over (partition by m.customer_id) as cohort
            from months as m
        ) as f
        group by f.cohort, 2
    ),

    removed as (
        delete from trustcart.cohort_months as o
        where not exists (
            select from counted as c where c.cohort = o.cohort and c.month_number = o.month_number
        )
        returning o.cohort
    ),

    written as (
        insert into trustcart.cohort_months as o (cohort, month_number, customers, orders, revenue)
        select c.*
        from counted as c
        order by c.cohort, c.month_number
        on conflict (cohort, month_number) do update set
            customers = excluded.customers, orders = excluded.orders, revenue = excluded.revenue
        where (o.customers, o.orders, o.revenue) <> (excluded.customers, excluded.orders, excluded.revenue)
        returning o.cohort
    )

    select
        (select count(*) from written),
        (select count(*) from removed)
    into v_written, v_removed;
    return jsonb_build_object(
        'message', format('Counted %s months of cohorts anew', v_written), 'written', v_written, 'removed', v_removed
    );
end;
$$;
comment on function trustcart.refresh_cohorts(date) is
'Daily job: counts the customers, orders and revenue of every month of first order in each month since, up to a date,
and writes what differs. Result: message, written, removed. Errors: TC001.';

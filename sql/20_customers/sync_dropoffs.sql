-- requires: dropoff_levels, dropoff_reason_of, risk_level_of

create or replace function trustcart_private.sync_dropoffs(p_customer_ids bigint[], p_as_of date)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_synced integer;
begin
    update trustcart.customer_dropoff_tracking as t
    set
        closed_on = e.closed_on,
        close_reason = e.close_reason,
        -- It closes with the level of the day before the order, whether or not a job ran on that day.
        risk_level = coalesce(e.risk_level, t.risk_level),
        level_as_of = coalesce(t.last_active_date + e.after_days + 1, t.level_as_of),
        days_inactive = coalesce(e.after_days + 1, t.days_inactive),
        reason = coalesce(trustcart_private.dropoff_reason_of(e.after_days), t.reason),
        recovery_successful = t.recovery_attempted and e.close_reason is not distinct from 'order'
    from (
        select
            d.id,
            raised.risk_level,
            raised.after_days,
            case
                when later.order_date is not null then later.order_date
                when origin.counts is null then coalesce(d.closed_on, p_as_of)
            end as closed_on,
            case
                when later.order_date is not null then 'order'
                when origin.counts is null then 'withdrawn'
            end as close_reason
        from trustcart.customer_dropoff_tracking as d
        left join lateral (
            select o.order_date
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status
            where
                o.customer_id = d.customer_id and o.order_date > d.last_active_date and o.order_date <= p_as_of
                and os.counts
            order by o.order_date
            limit 1
        ) as later on true
        left join lateral (
            select os.counts
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status
            where o.customer_id = d.customer_id and o.order_date = d.last_active_date and os.counts
            limit 1
        ) as origin on true
        cross join trustcart.settings as x
        left join lateral trustcart_private.dropoff_levels(x) as raised
            on
                d.closed_on is null
                and raised.risk_level = trustcart_private.risk_level_of(
                    later.order_date - 1 - d.last_active_date, x
                )
                and raised.after_days + 1 > d.days_inactive
        where d.customer_id = any(p_customer_ids)
    ) as e
    where
        t.id = e.id
        and (t.closed_on is distinct from e.closed_on or t.close_reason is distinct from e.close_reason);
    get diagnostics v_synced = row_count;
    return v_synced;
end;
$$;
comment on function trustcart_private.sync_dropoffs(bigint[], date) is
'Opens and closes the dropoff episodes of customers after their orders changed: closed by the first later counted order,
open again without one, withdrawn when the order they count from no longer counts. Returns the episodes changed.';

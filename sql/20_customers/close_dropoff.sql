-- requires: dropoff_threshold_of, dropoff_reason_of, risk_level_of

create or replace function trustcart_private.close_dropoff(p_customer_id bigint, p_order_date date)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    update trustcart.customer_dropoff_tracking as t
    set
        closed_on = p_order_date,
        close_reason = 'order',
        risk_level = case
            when r.after_days + 1 > t.days_inactive
                then trustcart_private.risk_level_of(p_order_date - 1 - t.last_active_date, s)
            else t.risk_level
        end,
        level_as_of = case
            when r.after_days + 1 > t.days_inactive then t.last_active_date + r.after_days + 1
            else t.level_as_of
        end,
        days_inactive = greatest(t.days_inactive, r.after_days + 1),
        reason = case
            when r.after_days + 1 > t.days_inactive
                then trustcart_private.dropoff_reason_of(r.after_days)
            else t.reason
        end,
        recovery_successful = t.recovery_attempted
    from trustcart.customer_dropoff_tracking as e
    cross join trustcart.settings as s
    cross join lateral (
        select trustcart_private.dropoff_threshold_of(p_order_date - 1 - e.last_active_date, s) as after_days
    ) as r
    where
        e.customer_id = p_customer_id
        and e.closed_on is null
        and e.last_active_date < p_order_date
        and t.id = e.id;
end;
$$;
comment on function trustcart_private.close_dropoff(bigint, date) is
'Closes the open dropoff episode of a customer with the counted order of that date, which came after it began, and with
the level of the day before, whether or not a job ran on that day: what sync_dropoffs() does, for one new order.';

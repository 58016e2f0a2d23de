-- requires: risk_level_of, dropoff_levels, dropoff_reason_of, business_date

create or replace function trustcart_private.derive_dropoff()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- Planned while the table was empty, a look-up by key would be a scan of all that came since, row by row.
set enable_seqscan = off
set jit = off
as $$
declare
    v_settings trustcart.settings;
    v_as_of date := new.level_as_of;
    v_last_order_date date;
    v_dated boolean := new.last_active_date is not null;
begin
    select s.* into v_settings from trustcart.settings as s;

    -- detect_dropoffs() says as of when; others insert what holds today.
    if v_as_of is null then
        v_as_of := trustcart.business_date();
        select c.last_order_date into v_last_order_date
        from trustcart.customers as c
        where c.id = new.customer_id;
        if not found then
            new.last_active_date := v_as_of - 36500;  -- any episode will do for the foreign key to refuse
        end if;
        new.last_active_date := coalesce(
            new.last_active_date, v_last_order_date, v_as_of - least(new.days_inactive, 36500)
        );

        if exists (
            select
            from trustcart.customer_dropoff_tracking as d
            where d.customer_id = new.customer_id and d.last_active_date = new.last_active_date
        ) then
            raise notice 'customer % has an episode since % already; it stays as it is',
                new.customer_id, new.last_active_date;
            return null;
        end if;

        -- A silence that an order has ended is a closed episode, if it was one.
        new.closed_on := null;
        new.close_reason := null;
        if v_last_order_date > new.last_active_date then
            select o.order_date, 'order' into new.closed_on, new.close_reason
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status and os.counts
            where
                o.customer_id = new.customer_id and o.order_date > new.last_active_date
                and o.order_date <= v_as_of
            order by o.order_date
            limit 1;
            v_as_of := coalesce(new.closed_on - 1, v_as_of);
        end if;
    end if;

    new.risk_level := trustcart_private.risk_level_of(v_as_of - new.last_active_date, v_settings);
    if new.risk_level is null then
        if not v_dated then
            raise notice 'customer % is not silent for more than % days; no episode is opened',
                new.customer_id, v_settings.dropoff_low_after_days;
            return null;
        end if;
        raise exception using
            errcode = 'TC205',
            message = format('customer %s was not silent for more than %s days after %s',
                new.customer_id, v_settings.dropoff_low_after_days, coalesce(new.last_active_date::text, 'null')),
            hint = 'Leave last_active_date out: it is the date of the last counted order. '
            'detect_dropoffs() opens every episode that is due.';
    end if;
    select l.after_days + 1 into new.days_inactive
    from trustcart_private.dropoff_levels(v_settings) as l
    where l.risk_level = new.risk_level;
    new.level_as_of := new.last_active_date + new.days_inactive;
    new.opened_on := new.last_active_date + v_settings.dropoff_low_after_days + 1;
    new.reason := coalesce(new.reason, trustcart_private.dropoff_reason_of(new.days_inactive - 1));
    new.recovery_successful := new.recovery_attempted and new.close_reason is not distinct from 'order';
    return new;
end;
$$;
comment on function trustcart_private.derive_dropoff() is
'Trigger: an episode follows from the customer, the date last active and whether recovery was attempted; other values
supplied are ignored. The date defaults to the last counted order''s. One that exists already stays as it is, and where
there is no silence none is opened, with a notice; a date supplied that makes none is refused (TC205).';

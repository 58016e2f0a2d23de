-- requires: dropoff_levels, dropoff_reason_of, risk_level_of

create or replace function trustcart_private.relevel_dropoffs(p_as_of date, p_from bigint, p_until bigint)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_relevelled integer;
begin
    update trustcart.customer_dropoff_tracking as d
    set
        risk_level = l.risk_level,
        level_as_of = d.last_active_date + l.after_days + 1,
        days_inactive = l.after_days + 1,
        opened_on = d.last_active_date + s.dropoff_low_after_days + 1,
        reason = trustcart_private.dropoff_reason_of(l.after_days)
    from trustcart.settings as s, lateral trustcart_private.dropoff_levels(s) as l
    where
        d.closed_on is null
        and d.customer_id > p_from
        and d.customer_id <= p_until
        and l.risk_level = coalesce(
            trustcart_private.risk_level_of(p_as_of - d.last_active_date, s), 'low'
        )
        and (
            d.risk_level <> l.risk_level
            or d.level_as_of <> d.last_active_date + l.after_days + 1
            or d.opened_on <> d.last_active_date + s.dropoff_low_after_days + 1
        );
    get diagnostics v_relevelled = row_count;
    return v_relevelled;
end;
$$;
comment on function trustcart_private.relevel_dropoffs(date, bigint, bigint) is
'Gives the open dropoff episodes of the customers above p_from up to p_until the level of p_as_of where theirs is
another; returns the episodes written.';

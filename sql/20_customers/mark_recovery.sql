create or replace function trustcart_private.mark_recovery(p_customer_ids bigint[], p_days date[])
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    with concerned as (
        select e.id
        from unnest(p_customer_ids, p_days) as a (customer_id, contacted_on)
        inner join trustcart.customer_dropoff_tracking as e on a.customer_id = e.customer_id
        where
            not e.recovery_attempted
            and a.contacted_on >= e.opened_on
            and (e.closed_on is null or a.contacted_on <= e.closed_on)
        order by e.customer_id, e.id
        for no key update of e
    )

    update trustcart.customer_dropoff_tracking as t
    set
        recovery_attempted = true,
        recovery_successful = t.close_reason is not distinct from 'order'
    where t.id in (select c.id from concerned as c);
end;
$$;
comment on function trustcart_private.mark_recovery(bigint[], date[]) is
'A call or message that went out to a customer on a day of a dropoff episode is an attempt to recover the customer; told
later than the order that closed the episode, it makes the recovery successful as well. The lists go together.';

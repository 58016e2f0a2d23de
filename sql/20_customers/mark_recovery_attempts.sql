create or replace function trustcart_private.mark_recovery_attempts()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
    v_customer_ids bigint[];
    v_days date[];
begin
    -- An interaction has a date and a direction; an attempt has its own instant and always goes out.
    select
        array_agg(n.customer_id order by n.customer_id),
        array_agg((n.contacted_at at time zone s.time_zone)::date order by n.customer_id)
    into v_customer_ids, v_days
    from (
        select
            r.customer_id,
            coalesce(to_jsonb(r) ->> 'interaction_date', to_jsonb(r) ->> 'attempted_at')::timestamptz as contacted_at,
            coalesce(to_jsonb(r) ->> 'direction', 'outbound') as direction
        from new_rows as r
    ) as n
    cross join trustcart.settings as s
    where n.direction = 'outbound';
    if v_customer_ids is null then
        return null;
    end if;

    with concerned as (
        select e.id
        from unnest(v_customer_ids, v_days) as a (customer_id, contacted_on)
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
    return null;
end;
$$;
comment on function trustcart_private.mark_recovery_attempts() is
'Trigger: a call or message that goes out during a dropoff episode is an attempt to recover the customer; entered later
than the order that closed the episode, it makes the recovery successful as well.';

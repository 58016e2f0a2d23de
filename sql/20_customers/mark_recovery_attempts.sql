-- requires: mark_recovery

create or replace function trustcart_private.mark_recovery_attempts()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
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

    perform trustcart_private.mark_recovery(v_customer_ids, v_days);
    return null;
end;
$$;
comment on function trustcart_private.mark_recovery_attempts() is
'Trigger: outbound interactions and call attempts are attempts to recover the customer, as mark_recovery() has it.';

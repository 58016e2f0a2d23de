create or replace function trustcart_private.recompute_recovery(p_customer_id bigint, p_contacted_at timestamptz)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_contacted_on date := (p_contacted_at at time zone v_time_zone)::date;
    v_withdrawn integer;
begin
    update trustcart.customer_dropoff_tracking as e
    set recovery_attempted = false, recovery_successful = false
    where
        e.customer_id = p_customer_id
        and e.recovery_attempted
        and e.opened_on <= v_contacted_on
        and (e.closed_on < v_contacted_on) is not true
        and not exists (
            select
            from trustcart.customer_interactions as i
            where
                i.customer_id = p_customer_id
                and i.direction = 'outbound'
                and i.interaction_date >= e.opened_on::timestamp at time zone v_time_zone
                and (i.interaction_date >= (e.closed_on + 1)::timestamp at time zone v_time_zone) is not true
        )
        and not exists (
            select
            from trustcart.crm_call_attempts as a
            where
                a.customer_id = p_customer_id
                and a.attempted_at >= e.opened_on::timestamp at time zone v_time_zone
                and (a.attempted_at >= (e.closed_on + 1)::timestamp at time zone v_time_zone) is not true
        )
        and not exists (
            select
            from trustcart.campaign_messages as m
            where
                m.customer_id = p_customer_id
                and m.sent_at >= e.opened_on::timestamp at time zone v_time_zone
                and (m.sent_at >= (e.closed_on + 1)::timestamp at time zone v_time_zone) is not true
        );
    get diagnostics v_withdrawn = row_count;
    return v_withdrawn;
end;
$$;
comment on function trustcart_private.recompute_recovery(bigint, timestamptz) is
'After a contact of that instant was taken back: the customer''s dropoff episode that it fell into was not attempted
to be recovered, unless another contact went out during it. Returns the episodes changed.';

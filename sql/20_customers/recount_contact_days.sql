create or replace function trustcart_private.recount_contact_days()
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_counted bigint;
begin
    -- Whoever has counted a contact commits first, so that it is seen here; whoever is about to waits, and adds to it.
    lock table trustcart_private.contact_days in share row exclusive mode;
    delete from trustcart_private.contact_days;
    insert into trustcart_private.contact_days (customer_id, contacted_on, channel, contacts)
    select
        x.customer_id,
        (x.contacted_at at time zone s.time_zone)::date as contacted_on,
        x.channel,
        count(*) as contacts
    from (
        select
            i.customer_id,
            i.interaction_date as contacted_at,
            i.interaction_type as channel
        from trustcart.customer_interactions as i
        where i.direction = 'outbound'
        union all
        select
            a.customer_id,
            a.attempted_at,
            'call'
        from trustcart.crm_call_attempts as a
        union all
        select
            m.customer_id,
            m.sent_at,
            m.channel
        from trustcart.campaign_messages as m
        where m.sent_at is not null
    ) as x
    cross join trustcart.settings as s
    group by x.customer_id, 2, x.channel;
    get diagnostics v_counted = row_count;
    return v_counted;
end;
$$;
comment on function trustcart_private.recount_contact_days() is
'Counts contact_days anew from all interactions, attempts and sent messages: after the time zone changed, and whenever
check_customer_state() finds them wrong. Other sessions'' contacts wait meanwhile. Returns the rows written.';

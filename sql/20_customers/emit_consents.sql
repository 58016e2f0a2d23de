create or replace function trustcart_private.emit_consents()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart.events (event_type, customer_id, payload)
    select
        'consent_recorded',
        n.customer_id,
        jsonb_build_object(
            'consent_id', n.id, 'channel', n.channel, 'granted', n.granted, 'recorded_at', n.recorded_at
        )
    from new_rows as n
    order by n.id;
    return null;
end;
$$;
comment on function trustcart_private.emit_consents() is
'Trigger of customer_consents: tells the event feed what was allowed and forbidden.';

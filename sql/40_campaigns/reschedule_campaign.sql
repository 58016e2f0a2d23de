create or replace function trustcart_private.reschedule_campaign()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Those that wait for another reason, such as quiet hours, or are being handed out just now, wait on as they did.
    update trustcart.campaign_messages as m
    set not_before = greatest(m.queued_at, x.begins_at)
    from (
        select
            o.id,
            new.start_date::timestamp at time zone s.time_zone as begins_at
        from trustcart.campaign_messages as o
        cross join trustcart.settings as s
        where
            o.campaign_id = new.id
            and o.channel = new.campaign_type
            and o.status = 'queued'
            and o.attempts = 0
            and o.not_before = greatest(o.queued_at, old.start_date::timestamp at time zone s.time_zone)
        for no key update of o skip locked
    ) as x
    where m.id = x.id and m.not_before <> greatest(m.queued_at, x.begins_at);
    if found then
        perform pg_notify('trustcart_messages', new.campaign_type);
    end if;
    return null;
end;
$$;
comment on function trustcart_private.reschedule_campaign() is
'Trigger of marketing_campaigns: what was queued to go out as the campaign begins goes out on the new start_date, when
that is changed after the audience was fixed. Workers are told.';

create or replace function trustcart_private.stalled_messages()
returns table (channel text, messages bigint, waiting_since timestamptz)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        m.channel,
        count(*),
        min(greatest(m.not_before, c.start_date::timestamp at time zone s.time_zone))
    from trustcart.campaign_messages as m
    inner join trustcart.marketing_campaigns as c on m.campaign_id = c.id
    inner join trustcart.delivery_channels as d on m.channel = d.channel
    cross join trustcart.settings as s
    where
        m.status = 'queued' and d.is_enabled and c.is_active
        and coalesce(c.end_date >= (now() at time zone s.time_zone)::date, true)
        and greatest(m.not_before, c.start_date::timestamp at time zone s.time_zone) < now() - interval '1 hour'
        -- Where a rate limit makes a long queue, something went out all the same.
        and m.channel <> all(
            array(
                select distinct x.channel
                from trustcart.campaign_messages as x
                where x.sent_at > now() - interval '1 hour'
            )
        )
    group by m.channel;
end;
$$;
comment on function trustcart_private.stalled_messages() is
'The messages nobody delivers: due since an hour, on an enabled channel by which nothing went out meanwhile. A row a
channel, with the instant since when the first of them is due.';

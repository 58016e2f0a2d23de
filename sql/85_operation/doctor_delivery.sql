-- requires: stalled_messages, listed

create or replace function trustcart.doctor_delivery()
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_channels text[];
    v_messages bigint;
    v_since timestamptz;
    v_sent bigint;
    v_failed bigint;
    v_oldest timestamptz;
    v_held bigint;
    v_age interval;
begin
    select
        array_agg(format('%s by %s', m.messages, m.channel) order by m.channel),
        coalesce(sum(m.messages), 0),
        min(m.waiting_since)
    into v_channels, v_messages, v_since
    from trustcart_private.stalled_messages() as m;
    check_name := 'delivery';
    status := case
        when v_messages = 0 then 'ok' when v_since < now() - interval '6 hours' then 'critical' else 'warning'
    end;
    finding := case
        when v_messages = 0 then 'no message waits in vain'
        else format(
            '%s, due since %s, and nothing goes out',
            trustcart_private.listed(v_channels), date_trunc('second', v_since)
        )
    end;
    threshold := 'warning: nothing went out for an hour by a channel with messages due; critical: for 6 hours';
    remedy := case when status <> 'ok' then 'Start trustcart-db deliver, or see in its log why it stopped.' end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_messages_stalled', 'value', v_messages));
    return next;

    select
        count(*) filter (where m.status = 'failed'),
        count(*)
    into v_failed, v_sent
    from trustcart.campaign_messages as m
    where m.closed_at > now() - interval '1 day' and m.status in ('sent', 'failed');
    select v_sent + count(*)
    into v_sent
    from trustcart.campaign_messages as m
    where m.sent_at > now() - interval '1 day' and m.closed_at is null;
    check_name := 'delivery_failures';
    status := case
        when v_failed < 10 or v_failed < v_sent * 0.05 then 'ok'
        when v_failed < v_sent * 0.5 then 'warning'
        else 'critical'
    end;
    finding := format('%s of %s messages of the last 24 hours failed', v_failed, v_sent);
    threshold := 'warning: 10 and 5%; critical: 10 and half of them';
    remedy := case
        when status <> 'ok'
            then 'campaign_messages.close_reason says why; trustcart-db campaign show, of which campaign.'
    end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_messages_failed', 'value', v_failed));
    return next;

    -- Who reads the feed keeps the position: here only what nobody can read yet can be known.
    select
        count(*),
        min(e.occurred_at)
    into v_held, v_oldest
    from trustcart.events as e
    where e.xid >= pg_snapshot_xmin(pg_current_snapshot());
    v_age := coalesce(clock_timestamp() - v_oldest, interval '0');
    check_name := 'events';
    status := case
        when v_age > interval '1 hour' then 'critical' when v_age > interval '5 minutes' then 'warning' else 'ok'
    end;
    finding := case
        when v_held = 0 then 'all can be read'
        else format(
            '%s cannot be read yet, the oldest since %s', v_held, justify_interval(date_trunc('second', v_age))
        )
    end;
    threshold := 'warning: held back for 5 minutes by an older transaction that is still open; critical: for an hour';
    remedy := case when status <> 'ok' then 'End that transaction: see long_transactions.' end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_events_held_back', 'value', v_held),
        jsonb_build_object('name', 'trustcart_events_held_back_age_seconds', 'value', extract(epoch from v_age))
    );
    return next;
end;
$$;
comment on function trustcart.doctor_delivery() is
'Part of `trustcart-db doctor`: delivery (do due messages go out?), delivery_failures (how many fail?) and events (can
the feed be read?). Rows as of doctor_rights().';

-- requires: require_channel, message_of_key, lock_provider_ids, apply_receipts

create or replace function trustcart.record_receipt(
    p_channel text,
    p_kind text,
    p_occurred_at timestamptz,
    p_message_key text default null,
    p_provider_message_id text default null,
    p_event_id text default null,
    p_detail text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_channel text := lower(btrim(p_channel));
    v_kind text := lower(btrim(p_kind));
    v_provider_id text := nullif(btrim(p_provider_message_id), '');
    v_message_id bigint;
    v_receipt_id bigint;
begin
    if v_channel is null or v_kind is null or p_occurred_at is null
        or coalesce(nullif(btrim(p_message_key), ''), v_provider_id) is null then
        raise exception using
            errcode = 'TC003',
            message = case
                when v_channel is null then 'channel'
                when v_kind is null then 'kind'
                when p_occurred_at is null then 'occurred_at'
                else 'message_key or provider_message_id'
            end || ' is required',
            hint = 'A receipt says what happened to which message, when.';
    elsif greatest(length(btrim(p_event_id)), length(v_provider_id), length(p_message_key)) > 500 then
        raise exception using
            errcode = 'TC005',
            message = 'event_id, message_key and provider_message_id have 500 characters at most',
            hint = 'Give the identifiers as the provider does.';
    elsif (v_kind = any('{sent,delivered,opened,responded,bounced,failed,unsubscribed}')) is not true then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a kind of receipt', p_kind),
            hint = 'Known are sent, delivered, opened, responded, bounced, failed, unsubscribed.';
    elsif p_occurred_at < '1900-01-01 00:00+00' or not isfinite(p_occurred_at) then
        raise exception using
            errcode = 'TC005',
            message = format('occurred_at %s is out of any shop''s lifetime', p_occurred_at),
            hint = 'Give the instant at which it happened.';
    end if;

    v_channel := trustcart_private.require_channel(p_channel);
    select m.id into v_message_id
    from trustcart.campaign_messages as m
    where m.id = trustcart_private.message_of_key(p_message_key) and m.channel = v_channel;
    if v_message_id is null and v_provider_id is not null then
        for i in 1..2 loop
            select m.id into v_message_id
            from trustcart.campaign_messages as m
            where m.provider_message_id = v_provider_id and m.channel = v_channel
            order by m.id desc
            limit 1;
            exit when found or i = 2;
            -- Nobody knows it, but somebody may just be recording it: wait for that, and look again.
            perform trustcart_private.lock_provider_ids(array[v_provider_id], false);
        end loop;
    end if;

    insert into trustcart.campaign_receipts (
        channel, provider_event_id, kind, message_id, provider_message_id, occurred_at, received_at, detail
    )
    values (
        v_channel,
        coalesce(
            nullif(btrim(p_event_id), ''),
            v_kind || ' ' || coalesce('message ' || v_message_id, v_provider_id, lower(btrim(p_message_key)))
        ),
        v_kind,
        v_message_id,
        v_provider_id,
        p_occurred_at,
        clock_timestamp(),
        left(nullif(btrim(p_detail), ''), 500)
    )
    on conflict (channel, provider_event_id) do nothing
    returning id into v_receipt_id;
    if v_receipt_id is not null and v_message_id is not null then
        perform trustcart_private.apply_receipts(array[v_receipt_id]);
    end if;
    return jsonb_build_object('is_new', v_receipt_id is not null, 'is_known', v_message_id is not null);
end;
$$;
comment on function trustcart.record_receipt(text, text, timestamptz, text, text, text, text) is
'What a provider says became of a message: kind sent, delivered, opened, responded, bounced (it will never arrive
there), failed or unsubscribed. The message is named by its key or by the provider''s id; one that nobody knows is kept, and
applied when the id becomes known. Each event counts once, by p_event_id; without one, each kind of each message. In any
order: the earliest instant of a kind holds, and what came back makes the message sent. Answers is_new, and is_known:
whether there is such a message. TC002 channel or kind, TC003 missing, TC005 occurred_at.';

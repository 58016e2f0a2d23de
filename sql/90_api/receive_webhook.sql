-- requires: hmac_sha256, record_receipt, receive_message, lock_provider_ids, lock_customers, message_of_key
-- requires: is_instant, parse_instant

create or replace function trustcart_api.receive_webhook(p_channel text, p_body text, p_signature text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_channel text := lower(btrim(p_channel));
    v_secret text := nullif(current_setting('trustcart.webhook_secret', true), '');
    v_given text := lower(regexp_replace(btrim(p_signature), '^sha256=', '', 'i'));
    v_body jsonb;
    v_events jsonb[];
    v_event jsonb;
    v_answer jsonb;
    v_kind text;
    v_new integer := 0;
    v_known integer := 0;
    v_inbound integer := 0;
    v_ignored integer := 0;
begin
    -- Hashed once more before they are compared: how long that takes tells nothing about the right signature.
    if v_secret is null or (
        sha256(convert_to(v_given, 'UTF8')) = sha256(
            convert_to(
                encode(
                    trustcart_private.hmac_sha256(convert_to(v_secret, 'UTF8'), convert_to(p_body, 'UTF8')), 'hex'
                ),
                'UTF8'
            )
        )
    ) is not true then
        raise exception using
            errcode = 'TC401',
            message = case
                when v_secret is null then 'webhooks cannot be verified: no secret is set'
                else 'the signature does not fit the body'
            end,
            hint = 'HMAC-SHA-256 of the raw body, in hex, under the secret that the gateway sets as trustcart.webhook_secret.';
    end if;
    if (v_channel = any('{sms,whatsapp,email,push}')) is not true then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a channel of messages', p_channel),
            hint = 'Known are sms, whatsapp, email, push.';
    end if;
    begin
        v_body := p_body::jsonb;
    exception
        when data_exception or statement_too_complex then
            v_body := null;
    end;

    -- Both forms become ours: id, kind, message_key, message_id, occurred_at, detail, from, text, in_reply_to.
    if jsonb_typeof(v_body -> 'events') = 'array' then
        v_events := array(select e.value from jsonb_array_elements(v_body -> 'events') as e (value));
    elsif v_channel = 'whatsapp' and jsonb_typeof(v_body -> 'entry') = 'array' then
        v_events := array(
            select
                jsonb_strip_nulls(
                    jsonb_build_object(
                        'id', (s.value ->> 'status') || ' ' || (s.value ->> 'id'),
                        -- Of a number that is not on WhatsApp nothing will ever be delivered.
                        'kind', case
                            when s.value ->> 'status' = 'read' then 'opened'
                            when s.value ->> 'status' = 'failed' and s.value -> 'errors' -> 0 ->> 'code' = '131026'
                                then 'bounced'
                            when s.value ->> 'status' in ('sent', 'delivered', 'failed') then s.value ->> 'status'
                            else 'other'
                        end,
                        'message_id', s.value ->> 'id',
                        'occurred_at', s.value -> 'timestamp',
                        'detail', nullif(
                            concat_ws(': ', s.value -> 'errors' -> 0 ->> 'code', s.value -> 'errors' -> 0 ->> 'title'), ''
                        )
                    )
                )
            from jsonb_path_query(v_body, 'lax $.entry[*].changes[*].value.statuses[*]') as s (value)
            union all
            select
                jsonb_strip_nulls(
                    jsonb_build_object(
                        'id', 'inbound ' || (s.value ->> 'id'),
                        'kind', case
                            when s.value ->> 'type' in ('reaction', 'system', 'unsupported') then 'other' else 'inbound'
                        end,
                        'occurred_at', s.value -> 'timestamp',
                        'from', s.value ->> 'from',
                        'text', coalesce(
                            s.value -> 'text' ->> 'body',
                            s.value -> 'button' ->> 'text',
                            s.value -> 'interactive' -> 'button_reply' ->> 'title',
                            s.value -> 'interactive' -> 'list_reply' ->> 'title',
                            '(' || (s.value ->> 'type') || ')'
                        ),
                        'in_reply_to', s.value -> 'context' ->> 'id'
                    )
                )
            from jsonb_path_query(v_body, 'lax $.entry[*].changes[*].value.messages[*]') as s (value)
        );
    else
        raise exception using
            errcode = 'TC005',
            message = 'the body is not a webhook that we know',
            hint = 'Send JSON {"events": [...]}, or what the WhatsApp Cloud API sends, under channel whatsapp.';
    end if;

    -- Checked before anything is written or locked.
    foreach v_event in array v_events loop
        if jsonb_typeof(v_event) <> 'object'
            or (
                v_event ->> 'occurred_at' !~ '^[0-9]{1,12}$'
                and not trustcart_private.is_instant(v_event ->> 'occurred_at')
            ) then
            raise exception using
                errcode = 'TC005',
                message = format('an event cannot be read: %s', left(v_event::text, 100)),
                hint = 'An event is an object; occurred_at is an instant such as 2026-11-22T18:30:00+06:00, or seconds.';
        end if;
    end loop;

    -- All locks in the order in which deliveries take them: what providers call messages, then the customers.
    perform trustcart_private.lock_provider_ids(
        array(
            select e.value ->> 'message_id'
            from unnest(v_events) as e (value)
            where
                e.value ->> 'kind' not in ('inbound', 'other')
                and not exists (
                    select
                    from trustcart.campaign_messages as m
                    where m.provider_message_id = e.value ->> 'message_id'
                )
        ),
        false
    );
    perform trustcart_private.lock_customers(
        array(
            select m.customer_id
            from unnest(v_events) as e (value)
            inner join trustcart.campaign_messages as m
                on e.value ->> 'message_id' = m.provider_message_id and m.channel = v_channel
            union
            select m.customer_id
            from unnest(v_events) as e (value)
            inner join trustcart.campaign_messages as m on trustcart_private.message_of_key(e.value ->> 'message_key') = m.id
        )
    );

    foreach v_event in array v_events loop
        v_kind := lower(btrim(v_event ->> 'kind'));
        if v_kind = 'other' then
            v_ignored := v_ignored + 1;
            continue;
        end if;
        -- Without an hour of its own it happened when we were told.
        v_event := v_event || jsonb_build_object(
            'at',
            case
                when v_event ->> 'occurred_at' ~ '^[0-9]+$' then to_timestamp((v_event ->> 'occurred_at')::double precision)
                when v_event ->> 'occurred_at' is not null
                    then (
                        select trustcart_private.parse_instant(v_event ->> 'occurred_at', s.time_zone)
                        from trustcart.settings as s
                    )
                else clock_timestamp()
            end
        );
        if v_kind = 'inbound' then
            v_answer := trustcart.receive_message(
                v_channel, v_event ->> 'from', v_event ->> 'text', (v_event ->> 'at')::timestamptz, v_event ->> 'id',
                coalesce(v_event ->> 'in_reply_to', v_event ->> 'message_key', v_event ->> 'message_id')
            );
            v_inbound := v_inbound + 1;
            v_known := v_known + (v_answer ->> 'customer_id' is not null)::integer;
        else
            v_answer := trustcart.record_receipt(
                v_channel, v_kind, (v_event ->> 'at')::timestamptz, v_event ->> 'message_key', v_event ->> 'message_id',
                v_event ->> 'id', v_event ->> 'detail'
            );
            v_known := v_known + (v_answer ->> 'is_known')::boolean::integer;
        end if;
        v_new := v_new + (v_answer ->> 'is_new')::boolean::integer;
    end loop;
    return jsonb_build_object(
        'received', cardinality(v_events), 'new', v_new, 'known', v_known, 'inbound', v_inbound, 'ignored', v_ignored
    );
end;
$$;
comment on function trustcart_api.receive_webhook(text, text, text) is
'POST of a provider: receipts and messages of customers. p_body is the raw body, p_signature its HMAC-SHA-256 in hex,
with or without sha256= before it; the secret is trustcart.webhook_secret of the transaction, set by the gateway and
stored nowhere. Reads what the WhatsApp Cloud API sends, and for every channel {"events": [{"id", "kind", "message_key"
or "message_id", "occurred_at", "detail", "from", "text", "in_reply_to"}]}; kind is one of record_receipt(), or inbound.
All or nothing; sent again, nothing changes. Answers counts: received, new, known (message or customer), inbound,
ignored. TC401 signature, TC002 channel or kind, TC003 missing, TC005 not such a body.';

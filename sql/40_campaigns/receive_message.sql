-- requires: require_channel, apply_receipts, change_consent, lock_customers, normalize_phone, message_of_key,
-- requires: phone_forms, concealed_phone, keyed_event_id

create or replace function trustcart.receive_message(
    p_channel text,
    p_from text,
    p_text text,
    p_occurred_at timestamptz default now(),
    p_event_id text default null,
    p_in_reply_to text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_channel text := lower(btrim(p_channel));
    v_from text := nullif(btrim(p_from), '');
    v_reply_to text := nullif(btrim(p_in_reply_to), '');
    v_at timestamptz := least(p_occurred_at, clock_timestamp());
    v_address text;
    v_addresses text[];
    v_sender text := v_from;
    -- The whole text, whatever its case, spaces and full stops.
    v_word text := lower(btrim(regexp_replace(p_text, '\s+', ' ', 'g'), ' .!।'));
    v_event_id text;
    v_granted boolean;
    v_customer_ids bigint[];
    v_customer_id bigint;
    v_message trustcart.campaign_messages;
    v_receipt_id bigint;
    v_changed bigint[] := array[]::bigint[];
begin
    if v_channel is null or v_from is null or v_at is null then
        raise exception using
            errcode = 'TC003',
            message = case
                when v_channel is null then 'channel'
                when v_from is null then 'from'
                else 'occurred_at'
            end || ' is required',
            hint = 'Say who wrote, by which channel and when.';
    elsif greatest(length(btrim(p_event_id)), length(v_reply_to), length(v_from)) > 500 then
        raise exception using
            errcode = 'TC005',
            message = 'event_id, in_reply_to and from have 500 characters at most',
            hint = 'Give the identifiers as the provider does.';
    elsif v_at < '1900-01-01 00:00+00' then
        raise exception using
            errcode = 'TC005',
            message = format('occurred_at %s is out of any shop''s lifetime', p_occurred_at),
            hint = 'Give the instant at which it was written.';
    end if;
    v_channel := trustcart_private.require_channel(p_channel);
    v_address := case v_channel
        -- Name <address>
        when 'email' then lower(btrim(coalesce(substring(v_from from '<([^<>]+)>\s*$'), v_from)))
        when 'push' then v_from
        else coalesce(trustcart.normalize_phone(v_from), trustcart.normalize_phone('+' || v_from))
    end;
    v_addresses := array[v_address];
    if v_channel in ('sms', 'whatsapp') then
        v_addresses := trustcart_private.phone_forms(v_addresses);
    end if;

    v_event_id := 'inbound '
    || md5(concat_ws(' ', coalesce(v_address, v_from), extract(epoch from p_occurred_at), p_text));

    if v_reply_to is not null then
        select m.* into v_message
        from trustcart.campaign_messages as m
        where
            m.channel = v_channel
            and (m.provider_message_id = v_reply_to or m.id = trustcart_private.message_of_key(v_reply_to))
            and not exists (
                select from trustcart.customers as c where c.id = m.customer_id and c.erased_at is not null
            )
        order by m.id desc
        limit 1;
    end if;
    v_customer_ids := case v_channel
        when 'email' then array(
            select c.id from trustcart.customers as c where lower(btrim(c.email)) = v_address
        )
        when 'push' then array(
            select c.id from trustcart.customers as c where c.id = substring(v_address from '^customer:([0-9]{1,18})$')::bigint
        )
        else array(
            select distinct b.customer_id
            from trustcart_private.phone_book as b
            where b.phone_e164 = any(v_addresses) and b.family_member_id is null
        )
    end;
    if v_message.id is not null then
        v_customer_ids := v_customer_ids || v_message.customer_id;
    end if;
    if v_customer_ids = '{}' and v_channel in ('sms', 'whatsapp') then
        v_customer_ids := array(
            select distinct b.customer_id from trustcart_private.phone_book as b where b.phone_e164 = any(v_addresses)
        );
    end if;
    -- Whoever was merged into another is that one.
    v_customer_ids := array(
        select distinct coalesce(c.merged_into_id, c.id)
        from trustcart.customers as c
        where c.id = any(v_customer_ids) and c.erased_at is null
    );
    perform trustcart_private.lock_customers(v_customer_ids);

    select o.granted into v_granted from trustcart.opt_out_words as o where o.word = v_word;
    if v_message.id is null and v_reply_to is null then
        select m.* into v_message
        from trustcart.campaign_messages as m
        inner join trustcart.marketing_campaigns as k on m.campaign_id = k.id
        cross join trustcart.settings as s
        where
            m.customer_id = any(v_customer_ids)
            and m.channel = v_channel
            and m.address = any(v_addresses)
            and m.sent_at <= v_at
            and m.sent_at >= v_at - make_interval(days => coalesce(k.attribution_days, s.attribution_days))
        order by m.sent_at desc, m.id desc
        limit 1;
    end if;
    select c.id into v_customer_id
    from trustcart.customers as c
    where c.id = any(v_customer_ids)
    order by
        (c.id = v_message.customer_id) desc nulls last,
        c.is_active desc,
        c.last_order_date desc nulls last,
        c.id asc
    limit 1;

    if v_customer_id is null and v_channel in ('sms', 'whatsapp') then
        v_sender := trustcart_private.concealed_phone(v_from);
    end if;
    insert into trustcart.campaign_receipts (
        channel, provider_event_id, kind, message_id, provider_message_id, occurred_at, received_at, detail
    )
    values (
        v_channel,
        coalesce(
            nullif(btrim(p_event_id), ''),
            case
                when v_channel in ('sms', 'whatsapp') then trustcart_private.keyed_event_id(v_event_id)
                else v_event_id
            end
        ),
        'inbound',
        v_message.id,
        -- An answer to what nobody knows yet waits for it; a decision needs no message.
        case when v_granted is null then v_reply_to end,
        v_at,
        clock_timestamp(),
        case when v_customer_id is null then left(concat_ws(': ', 'from ' || v_sender, p_text), 500) end
    )
    on conflict (channel, provider_event_id) do nothing
    returning id into v_receipt_id;
    if v_receipt_id is null then
        return jsonb_build_object('is_new', false, 'customer_id', v_customer_id, 'message_id', v_message.id);
    end if;

    if v_customer_id is not null and v_channel <> 'push' then
        insert into trustcart.customer_interactions (
            customer_id, interaction_type, direction, subject, details, interaction_date
        )
        values (
            v_customer_id,
            v_channel,
            'inbound',
            coalesce(
                'Answer to ' || (
                    select k.campaign_name
                    from trustcart.marketing_campaigns as k
                    where k.id = v_message.campaign_id
                ),
                'Message'
            ),
            nullif(btrim(p_text), ''),
            v_at
        );
    end if;
    if v_granted is null then
        if v_message.id is not null then
            perform trustcart_private.apply_receipts(array[v_receipt_id]);
        end if;
    else
        v_changed := trustcart_private.change_consent(
            v_customer_ids, v_channel, v_granted, upper(v_word) || ' by ' || v_channel, v_at
        );
        if not v_granted then
            update trustcart.campaign_messages as m
            set unsubscribed_at = least(m.unsubscribed_at, v_at)
            where m.id = v_message.id and m.status = 'sent';
        end if;
    end if;
    return jsonb_build_object(
        'is_new', true,
        'customer_id', v_customer_id,
        'message_id', v_message.id,
        'consent', v_granted,
        'customers_changed', cardinality(v_changed)
    );
end;
$$;
comment on function trustcart.receive_message(text, text, text, timestamptz, text, text) is
'A message that a customer wrote to us. It is logged as an inbound interaction, once a p_event_id: with the customer of
the message it answers, else the first whose own number or e-mail address it came from, else whose family''s number. A
text that is one of opt_out_words is a decision about the channel, of all customers with that number or address of their
own. Any other answers the message p_in_reply_to (key or provider''s id), without one the latest sent to that address
within its attribution days: responded_at; what the answer meant is for people to judge. Answers is_new, customer_id and
message_id where found, consent and customers_changed. TC002 channel, TC003 missing, TC005 occurred_at; where
phone numbers are encrypted TC501 for a wrong key, TC502 without one.';

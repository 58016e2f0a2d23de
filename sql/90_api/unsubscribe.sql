-- requires: message_of_key, record_receipt, change_consent

create or replace function trustcart_api.unsubscribe(p_key text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_message trustcart.campaign_messages;
begin
    select m.* into v_message
    from trustcart.campaign_messages as m
    where m.id = trustcart_private.message_of_key(p_key);
    if v_message.id is null then
        -- The same, whether the id or the token is wrong: keys are not to be guessed.
        raise exception using
            errcode = 'TC004',
            message = 'this link is not one of ours',
            hint = 'Open the whole link from the message.';
    end if;
    perform trustcart.record_receipt(
        v_message.channel, 'unsubscribed', clock_timestamp(), trustcart_private.message_key(v_message.id, v_message.token)
    );
    -- Who had agreed again since means it again.
    perform trustcart_private.change_consent(
        array[v_message.customer_id], v_message.channel, false, 'unsubscribe link', clock_timestamp()
    );
    return jsonb_build_object(
        'message', format('You will get no more messages from us by %s.', v_message.channel),
        'channel', v_message.channel,
        'unsubscribed', true
    );
end;
$$;
comment on function trustcart_api.unsubscribe(text) is
'The link of a message: one click, no login, and again as often as one likes. Withdraws the consent to the message''s
channel, which cancels what is queued for it. p_key is the message key, <id>-<token>; TC004 unless both are right.';

-- requires: conceal_phones, revealed_phones, keyed_event_id, json_phones, replace_json_phones

create or replace function trustcart_private.convert_other_phones()
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_sender constant text := '^from (enc:[a-z]+:[0-9a-f]{64}|[^:]+)';
    v_is_on boolean := (select e.state in ('turning_on', 'on') from trustcart_private.phone_encryption as e);
    v_texts text[];
    v_map jsonb;
begin
    v_texts := array(
        select r.arguments #>> '{7,phone}'
        from trustcart_private.call_requests as r
        where r.operation = 'complete_call_task' and r.arguments #>> '{7,phone}' is not null
        union
        select substring(r.detail from c_sender)
        from trustcart.campaign_receipts as r
        where r.kind = 'inbound' and r.channel in ('sms', 'whatsapp') and r.detail ~ c_sender
        union
        select p.phone
        from trustcart.customer_merges as m
        cross join lateral unnest(trustcart_private.json_phones(m.overwritten)) as p (phone)
    );
    v_map := case when v_is_on
        then trustcart_private.conceal_phones(v_texts)
        else trustcart_private.revealed_phones(v_texts)
    end;
    update trustcart_private.call_requests as r
    set arguments = jsonb_set(r.arguments, '{7,phone}', v_map -> (r.arguments #>> '{7,phone}'))
    where r.operation = 'complete_call_task' and v_map ? (r.arguments #>> '{7,phone}');
    update trustcart.campaign_receipts as r
    set detail = 'from ' || (v_map ->> substring(r.detail from c_sender)) || regexp_replace(r.detail, c_sender, '')
    where
        r.kind = 'inbound'
        and r.channel in ('sms', 'whatsapp')
        and v_map ? substring(r.detail from c_sender);
    update trustcart.customer_merges as m
    set overwritten = trustcart_private.replace_json_phones(m.overwritten, v_map)
    where v_map ?| trustcart_private.json_phones(m.overwritten);
    -- MD5 of number, time and text: all numbers of the country are tried in no time. It stays a digest, with a key.
    if v_is_on then
        update trustcart.campaign_receipts as r
        set provider_event_id = trustcart_private.keyed_event_id(r.provider_event_id)
        where
            r.kind = 'inbound'
            and r.channel in ('sms', 'whatsapp')
            and r.provider_event_id ~ '^inbound [0-9a-f]{32}$';
    end if;
end;
$$;
comment on function trustcart_private.convert_other_phones() is
'Where phone numbers stand besides, few and of no customer: arguments of requests of the last days, senders of messages
whom nobody knows, digests made of a sender, and what merges keep to be undone. Encrypted, or readable again, as phone_encryption says.';

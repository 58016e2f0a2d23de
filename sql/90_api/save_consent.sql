-- requires: user_name

create or replace function trustcart_api.save_consent(
    p_customer_id bigint, p_channel text, p_granted boolean default null, p_source text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id bigint;
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.',
            column = 'customerId';
    end if;
    v_id := trustcart.record_consent(p_customer_id, p_channel, p_granted, p_source);
    return (
        select
            jsonb_build_object(
                'id', n.id,
                'customer_id', n.customer_id,
                'channel', n.channel,
                'granted', n.granted,
                'source', n.source,
                'recorded_by', trustcart.user_name(n.recorded_by),
                'recorded_at', to_char(n.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            )
        from trustcart.customer_consents as n
        where n.id = v_id
    );
end;
$$;
comment on function trustcart_api.save_consent(bigint, text, boolean, text) is
'Records what a customer said of a channel (call, sms, whatsapp, email, push), now and by whoever is asking, and returns
it; trustcart.record_consent() says what follows. TC002 channel, TC003 without customerId, channel or granted, TC004
no such customer, TC403 not an agent''s customer.';

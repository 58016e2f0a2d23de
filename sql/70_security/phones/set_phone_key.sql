-- requires: may_use_phone_key, parse_phone_key, phone_key_of

create or replace function trustcart.set_phone_key(p_key text)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_opened text;
begin
    if not trustcart_private.may_use_phone_key() then
        raise exception using
            errcode = 'TC403',
            message = format('%I may not give the phone key', session_user),
            hint = format(
                'Only a gateway may; a DBA makes the login role one: grant trustcart_gateway to %I;', session_user
            );
    elsif nullif(btrim(p_key), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'the phone key is required',
            hint = 'Give the key, as 64 hexadecimal digits or in base64.';
    end if;
    perform
        set_config('trustcart.phone_key', encode(trustcart_private.parse_phone_key(p_key), 'hex'), true),
        set_config('trustcart.phone_opened', '', true);
    -- Opened once a transaction, and told apart from a wrong one now; where nothing is encrypted, any key will do.
    select string_agg(k.id || '=' || encode(trustcart_private.phone_key_of(k.id), 'hex'), ' ') into v_opened
    from trustcart_private.phone_keys as k;
    perform set_config('trustcart.phone_opened', coalesce(v_opened, ''), true);
end;
$$;
comment on function trustcart.set_phone_key(text) is
'For a gateway (a login role in trustcart_gateway, whatever role it has taken on since): gives the key of the encrypted
phone numbers for this transaction, in which they are then read and written. The key is 32 bytes, as 64 hexadecimal
digits or in base64; give it as a bound parameter, so that no log of statements has it. Where phone numbers are not
encrypted it changes nothing. TC003 without a key, TC005 when it is none, TC403 for anybody else, TC501 when it is not
the one that they are encrypted with (guide: "Data Encryption").';

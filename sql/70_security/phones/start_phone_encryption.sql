-- requires: make_phone_triggers, new_phone_key, set_phone_key, convert_other_phones

create or replace function trustcart_private.start_phone_encryption(p_key text)
returns text
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
    v_master bytea := trustcart_private.parse_phone_key(p_key);
begin
    if exists (select from trustcart_private.adoptions as a where a.state <> 'removed') then
        raise exception using
            errcode = 'TC504',
            message = 'customers of an ERP are adopted here, whose tables hold the numbers in the clear',
            hint = 'Take the adoption off first (trustcart-db adopt --remove), or encrypt the disk instead.';
    end if;
    select e.state into v_state from trustcart_private.phone_encryption as e for update;
    perform trustcart_private.make_phone_triggers();
    if v_state = 'off' then
        update trustcart_private.phone_encryption as e
        set
            state = 'turning_on',
            search_key_id = trustcart_private.new_phone_key('search', v_master),
            data_key_id = trustcart_private.new_phone_key('data', v_master),
            done_to = 0,
            changed_at = clock_timestamp();
    elsif v_state = 'turning_off' then
        update trustcart_private.phone_encryption as e
        set state = 'turning_on', done_to = 0, changed_at = clock_timestamp();
    end if;
    perform trustcart.set_phone_key(p_key);
    -- At once, so that a request that is repeated finds itself.
    perform trustcart_private.convert_other_phones();
    return v_state;
end;
$$;
comment on function trustcart_private.start_phone_encryption(text) is
'Turns the encryption of phone numbers on, under a master key: from here on new numbers are encrypted, convert_phones()
does those that are there. What was begun, or is being turned off, goes on under its own keys. Returns the state before:
off, turning_on, on or turning_off. TC005 for the key, TC501 when it is another than before, TC503 without pgcrypto,
TC504 where the customers of an ERP are adopted.';

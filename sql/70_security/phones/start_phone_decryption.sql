-- requires: set_phone_key, convert_other_phones

create or replace function trustcart_private.start_phone_decryption(p_key text)
returns text
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    select e.state into v_state from trustcart_private.phone_encryption as e for update;
    if v_state <> 'off' then
        perform trustcart.set_phone_key(p_key);
        update trustcart_private.phone_encryption as e
        set state = 'turning_off', done_to = 0, changed_at = clock_timestamp()
        where e.state <> 'turning_off';
        -- At once, so that a request that is repeated finds itself.
        perform trustcart_private.convert_other_phones();
    end if;
    return v_state;
end;
$$;
comment on function trustcart_private.start_phone_decryption(text) is
'Turns the encryption of phone numbers off: from here on new numbers are readable, convert_phones() does those that are
there. What is being turned on is taken back. Returns the state before: off, turning_on, on or turning_off. TC003 or TC005
for the key, TC501 when it is the wrong one.';

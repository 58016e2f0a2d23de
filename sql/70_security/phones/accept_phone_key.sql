-- requires: need_phone_key, wrap_phone_key, parse_phone_key

create or replace function trustcart_private.accept_phone_key(p_new_key text)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_master bytea := trustcart_private.parse_phone_key(p_new_key);
begin
    if (select e.state from trustcart_private.phone_encryption as e for update) = 'off' then
        raise exception using
            errcode = 'TC504',
            message = 'phone numbers are not encrypted',
            hint = 'Run trustcart-db encryption on first.';
    end if;
    perform trustcart_private.wrap_phone_key(k.id, trustcart_private.need_phone_key(k.id), v_master)
    from trustcart_private.phone_keys as k;
end;
$$;
comment on function trustcart_private.accept_phone_key(text) is
'Lets another master key open the phone numbers beside that of the session, so that services can change to it one after
the other. TC005 for the new key, TC501 or TC502 for that of the session, TC504 when encryption is off.';

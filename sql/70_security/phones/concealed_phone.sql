-- requires: conceal_phones

create or replace function trustcart_private.concealed_phone(p_text text)
returns text
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if (select e.state in ('off', 'turning_off') from trustcart_private.phone_encryption as e) then
        return p_text;
    end if;
    return coalesce(trustcart_private.conceal_phones(array[p_text]) ->> p_text, p_text);
end;
$$;
comment on function trustcart_private.concealed_phone(text) is
'A phone number for a place that no trigger watches: its token, where encryption is on or being turned on, else as it
is. TC501 for a wrong key, TC502 without one.';

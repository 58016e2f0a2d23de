-- requires: revealed_phones

create or replace function trustcart_private.readable_phone(p_stored text)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_phone text;
begin
    if p_stored like 'enc:%' and trustcart_private.is_phone_token(p_stored) then
        v_phone := trustcart_private.revealed_phones(array[p_stored]) ->> p_stored;
        if v_phone is null then
            raise exception using
                errcode = 'TC505',
                message = 'there is no number behind this token of an encrypted phone number',
                hint = 'trustcart_private.phone_vault does not know it: restore it from the backup it came from.';
        end if;
        return v_phone;
    end if;
    return p_stored;
end;
$$;
comment on function trustcart_private.readable_phone(text) is
'The number in a phone column, to dial or write to it: unlike shown_phone() never masked. TC501 for a wrong key, TC502
without one, TC505 when the vault does not know it.';

-- The numbers are in the vault alone: who takes it away while it is in use has lost them.
do $$
begin
    if to_regclass('trustcart_private.phone_encryption') is not null then
        if exists (select from trustcart_private.phone_encryption as e where e.state <> 'off') then
            raise exception using
                errcode = 'TC504',
                message = 'phone numbers are encrypted',
                hint = 'Run trustcart-db encryption off first.';
        end if;
    end if;
end;
$$;
drop table if exists trustcart_private.phone_vault;
drop table if exists trustcart_private.phone_encryption;
drop table if exists trustcart_private.phone_key_wraps;
drop table if exists trustcart_private.phone_keys;

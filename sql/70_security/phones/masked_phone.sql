-- requires: masked_token, mask_address

create or replace function trustcart_private.masked_phone(p_stored text)
returns text
language sql stable parallel safe
security invoker
return case
    when p_stored like 'enc:%' then trustcart_private.masked_token(p_stored)
    else trustcart_private.mask_address(p_stored)
end;

comment on function trustcart_private.masked_phone(text) is
'What a phone column, or an address of a message, holds, masked for everybody: +88017***67.';

-- requires: e164_of_token, normalize_phone

create or replace function trustcart_private.e164_of(p_stored text)
returns text
language sql stable parallel safe
security invoker
return case
    when p_stored like 'enc:%' then trustcart_private.e164_of_token(p_stored)
    else trustcart.normalize_phone(p_stored)
end;

comment on function trustcart_private.e164_of(text) is
'normalize_phone() of what a phone column holds: of a token the token of the number in E.164. TC005 for a token that the
vault does not know.';

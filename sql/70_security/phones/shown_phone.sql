-- requires: opened_phone

create or replace function trustcart.shown_phone(p_stored text)
returns text
language sql stable parallel safe
security invoker
-- Inlined into the caller's query: where nothing is encrypted it is one comparison.
return case when p_stored like 'enc:%' then trustcart_private.opened_phone(p_stored) else p_stored end;

comment on function trustcart.shown_phone(text) is
'What a phone column holds, as the caller may see it: a readable number as it is; a token as the number behind it, where
a gateway gave the key in this transaction, else masked. TC501 for a wrong key (guide: "Data Encryption").';

create or replace function trustcart_private.mask_address(p_address text)
returns text
language sql immutable parallel safe
security invoker
return case
    when p_address like 'customer:%' then p_address
    when p_address like '%@%'
        then left(substring(p_address from '^(.*)@'), 2) || '***' || substring(p_address from '@[^@]*$')
    -- Of a short number the beginning and the end would be all of it, and without the code of its country six digits
    -- would leave three to guess.
    else
        left(p_address, case when p_address like '+%' and length(p_address) > 10 then 6 else 3 end)
        || '***' || right(p_address, 2)
end;

comment on function trustcart_private.mask_address(text) is
'An address as previews show it, recognisable but not to be used: +88017***67, jo***@example.com (guide: "Data
Encryption").';

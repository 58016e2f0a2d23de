create or replace function trustcart_private.mask_address(p_address text)
returns text
language sql immutable parallel safe
security invoker
return case
    when p_address like 'customer:%' then p_address
    when p_address like '%@%' then left(p_address, 1) || '…' || substring(p_address from '@.*$')
    else left(p_address, 6) || '…' || right(p_address, 2)
end;

comment on function trustcart_private.mask_address(text) is
'An address as previews show it, recognisable but not to be used: +88017…67, r…@example.com.';

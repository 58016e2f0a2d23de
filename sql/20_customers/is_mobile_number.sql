create or replace function trustcart.is_mobile_number(p_number text)
returns boolean
language sql immutable parallel safe
security invoker
-- Inlined: campaigns ask it of every customer.
return (p_number not like '+880%' or p_number like '+8801%') and p_number not like 'enc:landline:%';

comment on function trustcart.is_mobile_number(text) is
'Whether a number can be sent text messages, as far as it tells: true but for a landline of Bangladesh. p_number is in
E.164, or the token of an encrypted one; null for null.';

create or replace function trustcart_private.max_basket_products()
returns integer
language sql immutable parallel safe
security invoker
return 50;

comment on function trustcart_private.max_basket_products() is
'An order of more different products than these is a reseller''s, not a household''s: it says nothing of what goes
together, would make pairs by the thousand, and is left out of every figure of products.';

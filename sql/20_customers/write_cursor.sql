create or replace function trustcart_private.write_cursor(p_value text, p_id bigint)
returns text
language sql immutable parallel safe
security invoker
return coalesce(p_value, '') || '_' || p_id::text;

comment on function trustcart_private.write_cursor(text, bigint) is
'Where a page of a list ends, as its last row has it: what the list is sorted by, then _ and the customer_id, such as
15000_42, or 2026-01-31_42; without a value only _42. read_cursor() reads it.';

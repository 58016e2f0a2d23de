create or replace function trustcart_private.long_date(p_date date)
returns text
language sql stable parallel safe
security invoker
return to_char(p_date::timestamp, 'FMDD FMMonth YYYY');

comment on function trustcart_private.long_date(date) is 'A date as messages write it: 22 November 2026.';

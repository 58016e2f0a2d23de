-- requires: is_calendar_date

create or replace function trustcart_private.is_instant(p_text text)
returns boolean
language sql immutable parallel safe
security invoker
begin atomic
select trustcart_private.is_calendar_date(left(p_text, 10))
and substr(p_text, 11)
~ '^[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z| ?[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$' as is_instant;
end;

comment on function trustcart_private.is_instant(text) is
'True when the text is a date and a time as YYYY-MM-DD HH:MM[:SS][+HH:MM], so that parse_instant() cannot fail.';

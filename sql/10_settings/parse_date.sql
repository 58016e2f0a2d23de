-- requires: require_date

create or replace function trustcart_private.parse_date(p_text text)
returns date
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Only YYYY-MM-DD: what else a date cast accepts ("today", "02/03/2025") depends on the session or the day.
    if p_text ~ '^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$' then
        return trustcart_private.require_date(p_text::date);
    end if;
    raise datetime_field_overflow;
exception when datetime_field_overflow or invalid_datetime_format then
    raise exception using
        errcode = 'TC001',
        message = format('%s is not a date', coalesce(quote_literal(p_text), 'null')),
        hint = 'Give a date of the calendar as YYYY-MM-DD, for example 2025-12-19.';
end;
$$;
comment on function trustcart_private.parse_date(text) is
'A date written as YYYY-MM-DD, or TC001: what the text overloads and the API take their dates by.';

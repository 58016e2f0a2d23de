create or replace function trustcart_private.require_hour(p_text text)
returns time
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(btrim(p_text), '') = '' then
        return null;
    elsif btrim(p_text) !~ '^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00)$' then
        raise exception using
            errcode = 'TC001',
            message = format('%L is not an hour', p_text),
            hint = 'Give HH:MM, from 00:00 to 23:59; hours until the end of the day end at 24:00.';
    end if;
    return btrim(p_text)::time;
end;
$$;
comment on function trustcart_private.require_hour(text) is
'The hour of a day that a form was given as text, HH:MM: null when blank, TC001 when it is none.';

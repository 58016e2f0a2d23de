-- requires: is_calendar_date

create or replace function trustcart_private.read_cursor(p_after text, p_sort text)
returns table (is_given boolean, amount numeric, day date, customer_id bigint)
language plpgsql immutable parallel safe
security invoker
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parts text[] := regexp_match(p_after, '^([0-9.-]{0,20})_([0-9]{1,18})$');
    v_value text := v_parts[1];
begin
    if p_after is null then
        return query select false, null::numeric, null::date, null::bigint;
        return;
    elsif p_sort = 'lifetime_value' and v_value ~ '^[0-9]{1,12}([.][0-9]{1,2})?$' then
        return query select true, v_value::numeric, null::date, v_parts[2]::bigint;
        return;
    elsif p_sort <> 'lifetime_value' and (v_value = '' or trustcart_private.is_calendar_date(v_value)) then
        return query select true, null::numeric, nullif(v_value, '')::date, v_parts[2]::bigint;
        return;
    end if;
    raise exception using
        errcode = 'TC005',
        message = format('after %L is not the end of a page sorted by %s', p_after, p_sort),
        hint = 'Give that of the answer before, with the same order; without one the list begins at its top.';
end;
$$;
comment on function trustcart_private.read_cursor(text, text) is
'What write_cursor() wrote, for a list sorted by lifetime_value (amount) or by a date (day); is_given is false for null.
TC005 for anything else.';

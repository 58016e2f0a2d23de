create or replace function trustcart_private.require_date(p_date date)
returns date
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_date >= '1900-01-01' and p_date < '2200-01-01' then
        return p_date;
    end if;
    raise exception using
        errcode = 'TC001',
        message = format('%s is not a business date', coalesce(p_date::text, 'null')),
        hint = 'Give a date between 1900-01-01 and 2199-12-31, as YYYY-MM-DD.';
end;
$$;
comment on function trustcart_private.require_date(date) is
'The date given, or TC001 when it is null, infinite or out of any shop''s lifetime.';

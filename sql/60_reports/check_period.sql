-- requires: require_date

create or replace function trustcart.check_period(p_from date, p_to date)
returns void
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if trustcart_private.require_date(p_from) > trustcart_private.require_date(p_to) then
        raise exception using
            errcode = 'TC005',
            message = format('the period begins on %s and ends on %s', p_from, p_to),
            hint = 'Give the first and the last day of the period; both belong to it.';
    end if;
end;
$$;
comment on function trustcart.check_period(date, date) is
'Raises TC001 unless given two business dates, TC005 when the second is before the first; for functions that run as
their caller.';

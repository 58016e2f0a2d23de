create or replace function trustcart_private.next_working_day(p_date date)
returns date
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_working_days smallint[] := (select s.working_days from trustcart.settings as s);
begin
    for v_days in 1..400 loop
        if extract(isodow from p_date + v_days) = any(v_working_days)
            and not exists (select from trustcart.shop_holidays as h where h.holiday_on = p_date + v_days) then
            return p_date + v_days;
        end if;
    end loop;
    return p_date + 1;
end;
$$;
comment on function trustcart_private.next_working_day(date) is
'The first day after a date that is one of settings.working_days and no holiday of the shop: said only here. The next
day of the calendar when 400 days have none.';

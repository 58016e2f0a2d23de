-- requires: require_date, business_date

create or replace function trustcart_private.report_span(p_period text, p_date date)
returns table (
    date_from date, date_to date, whole_to date, previous_from date, previous_to date, is_running boolean
)
language plpgsql stable parallel safe
security definer
rows 1
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    c_first constant date := date '1900-01-01';
    c_last constant date := date '2199-12-31';
    v_today date := trustcart.business_date();
    v_unit text := case p_period when 'daily' then 'day' when 'weekly' then 'week' when 'monthly' then 'month' end;
    v_step interval;
begin
    perform trustcart_private.require_date(p_date);
    if v_unit is null then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a period', p_period),
            hint = 'Known are daily, weekly (Monday to Sunday) and monthly.';
    end if;
    v_step := ('1 ' || v_unit)::interval;
    date_from := date_trunc(v_unit, p_date::timestamp)::date;
    whole_to := (date_from + v_step)::date - 1;
    previous_from := (date_from - v_step)::date;
    -- Of a period that is not over, the days so far, against as many of the one before; on its last day, all of it.
    is_running := v_today between date_from and whole_to;
    date_to := case when is_running then v_today else whole_to end;
    previous_to := case
        when v_today between date_from and whole_to - 1 then least(previous_from + (date_to - date_from), date_from - 1)
        else date_from - 1
    end;
    date_from := greatest(date_from, c_first);
    date_to := least(date_to, c_last);
    whole_to := least(whole_to, c_last);
    previous_from := greatest(previous_from, c_first);
    previous_to := greatest(previous_to, c_first);
    return next;
end;
$$;
comment on function trustcart_private.report_span(text, date) is
'The day, week (Monday to Sunday) or month that a date is in, date_from to date_to, and the one before, to compare it
with. Of the running one, date_to is today and the one before has as many days, on the last day all; whole_to is where
it will end. TC001 date, TC002 period: daily, weekly or monthly.';

-- requires: require_date

create or replace function trustcart_private.agent_capacity(
    p_date date, p_agent_id bigint default null, p_calls_per_agent_day integer default null
)
returns table (agent_id bigint, max_calls integer, works_from time, works_until time, absence text)
language plpgsql stable parallel safe
security definer
rows 50
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_weekday smallint := extract(isodow from trustcart_private.require_date(p_date));
    v_default integer := coalesce(
        p_calls_per_agent_day, (select s.calls_per_agent_day from trustcart.settings as s)
    );
    v_holiday text := (select h.name from trustcart.shop_holidays as h where h.holiday_on = p_date);
begin
    return query
    select
        x.id,
        case when x.absence is null then coalesce(x.max_calls, v_default) else 0 end,
        x.works_from,
        x.works_until,
        x.absence
    from (
        select
            u.id,
            w.max_calls,
            w.works_from,
            w.works_until,
            case
                when exists (
                    select from trustcart.agent_leave as l where l.agent_id = u.id and l.during @> p_date
                ) then 'on leave'
                when v_holiday is not null then 'holiday: ' || v_holiday
                when
                    w.agent_id is null
                    and exists (select from trustcart.agent_working_hours as o where o.agent_id = u.id)
                    then 'not a working day'
            end as absence
        from trustcart.users as u
        left join trustcart.agent_working_hours as w on u.id = w.agent_id and w.weekday = v_weekday
        where u.role = 'crm_agent' and u.is_active and (p_agent_id is null or u.id = p_agent_id)
    ) as x;
end;
$$;
comment on function trustcart_private.agent_capacity(date, bigint, integer) is
'Who works on a date and how many calls each may be given: a row an active crm_agent, or the one asked for. max_calls
is that of the weekday in agent_working_hours, else p_calls_per_agent_day, else settings.calls_per_agent_day; 0 with
absence "on leave", "holiday: NAME" or "not a working day". works_from and works_until are in the business time zone,
null where none are stated: an agent without working hours works every day. The one home of this rule. TC001 for the
date.';

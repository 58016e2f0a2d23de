-- requires: trustcart.upcoming_events

create or replace function trustcart_private.events_to_greet(
    p_task_date date, p_types trustcart.call_task_types[], p_real_before date
)
returns table (customer_id bigint, task_type text, event_date date, fact jsonb, is_greeted boolean)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_before timestamptz := least(p_task_date, p_real_before)::timestamp at time zone v_time_zone;
    v_days_ahead integer := (
        select max(t.window_days)
        from unnest(p_types) as t
        where t.task_type in ('birthday', 'anniversary')
    );
begin
    return query
    select
        e.customer_id,
        e.task_type,
        e.event_date,
        e.fact,
        exists (
            select
            from trustcart.crm_call_tasks as t
            where
                t.customer_id = e.customer_id
                -- The call named this occurrence, or was created by hand for such.
                and (
                    (t.task_type = e.task_type and t.reasons = '[]')
                    or t.reasons @> jsonb_build_array(
                        jsonb_build_object('task_type', e.task_type, 'events', jsonb_build_array(e.fact - 'name'))
                    )
                )
                and (
                    (t.completed_at >= e.notice_begins and t.completed_at < v_before)
                    or exists (
                        select
                        from trustcart.crm_call_attempts as a
                        where
                            a.task_id = t.id
                            and a.attempted_at >= e.notice_begins
                            and a.attempted_at < v_before
                    )
                )
        )
    from (
        select
            u.customer_id,
            y.task_type,
            u.event_date,
            (u.event_date - coalesce(y.window_days, 0))::timestamp at time zone v_time_zone as notice_begins,
            jsonb_strip_nulls(jsonb_build_object(
                'event_type', u.event_type,
                'event_date', u.event_date,
                'family_member_id', u.family_member_id,
                'name', u.name
            )) as fact
        from trustcart.upcoming_events(coalesce(v_days_ahead, 0), p_task_date) as u
        inner join unnest(p_types) as y
            on y.task_type = case when u.event_type like '%birthday' then 'birthday' else 'anniversary' end
        where u.days_until <= coalesce(y.window_days, 0)
    ) as e;
end;
$$;
comment on function trustcart_private.events_to_greet(date, trustcart.call_task_types[], date) is
'Birthdays and anniversaries whose notice has begun on a date, of customers and their families, as facts for a task''s
reasons; is_greeted when a call for that occurrence was made or attempted since, before the date (and,
where a simulation begins earlier, before p_real_before).';

-- requires: next_working_day

create or replace function trustcart_private.open_follow_ups(p_task_date date, p_real_before date)
returns table (
    customer_id bigint, asked_on date, due_on date, due_at timestamptz, subject text, details text
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_before timestamptz := least(p_task_date, p_real_before)::timestamp at time zone v_time_zone;
begin
    return query
    with asked as (
        select
            i.customer_id,
            i.interaction_date as asked_at,
            (i.interaction_date at time zone v_time_zone)::date as asked_on,
            i.follow_up_date as due_on,
            i.task_id,
            null::timestamptz as due_at,
            i.subject,
            i.details
        from trustcart.customer_interactions as i
        where
            i.interaction_date < v_before
            and (i.follow_up_date is not null or trustcart_private.asks_follow_up(i.outcome))
        union all
        select
            a.customer_id,
            a.attempted_at,
            (a.attempted_at at time zone v_time_zone)::date,
            (a.due_at at time zone v_time_zone)::date,
            null,
            a.due_at,
            null,
            a.notes
        from trustcart.crm_call_attempts as a
        where
            a.attempted_at < v_before
            and (a.due_at is not null or trustcart_private.asks_follow_up(a.outcome))
            -- What a completed task asked for, its interaction says.
            and not exists (
                select from trustcart.customer_interactions as i
                where i.task_id = a.task_id and i.interaction_date = a.attempted_at
            )
            -- To be tried again later that day: the task itself is carried on.
            and ((a.due_at at time zone v_time_zone)::date > (a.attempted_at at time zone v_time_zone)::date) is not false
    ),

    -- The next working day is looked up once for each day on which somebody asked.
    working_days as (
        select
            d.asked_on,
            trustcart_private.next_working_day(d.asked_on) as next_day
        from (select distinct a.asked_on from asked as a where a.due_on is null) as d
    ),

    due as (
        select
            a.*,
            coalesce(a.due_on, w.next_day) as call_on
        from asked as a
        left join working_days as w on a.asked_on = w.asked_on
    )

    select distinct on (a.customer_id)
        a.customer_id,
        a.asked_on,
        a.call_on,
        -- The hour that was agreed; what a completed task asked for at an hour, its attempt knows.
        coalesce(
            a.due_at,
            (
                select max(t.due_at)
                from trustcart.crm_call_attempts as t
                where t.task_id = a.task_id and t.attempted_at = a.asked_at
            )
        ),
        a.subject,
        a.details
    from due as a
    where
        a.call_on <= p_task_date
        -- Nothing later; max() so that one index entry answers, where an anti-join would read every contact.
        and (
            a.asked_at < (
                select max(i.interaction_date)
                from trustcart.customer_interactions as i
                where i.customer_id = a.customer_id and i.interaction_date < v_before
            )
        ) is not true
        and (
            a.asked_at < (
                select max(t.attempted_at)
                from trustcart.crm_call_attempts as t
                where t.customer_id = a.customer_id and t.attempted_at < v_before
            )
        ) is not true
    order by a.customer_id, a.call_on, a.asked_at;
end;
$$;
comment on function trustcart_private.open_follow_ups(date, date) is
'Customers who asked to be called, are due by p_task_date and were not in contact since, a row each: when they asked,
the date it is due (without one, the next working day), the hour if one was agreed, and what was noted. Knows contacts before the date only, and before
p_real_before where a simulation begins there.';

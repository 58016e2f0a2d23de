-- requires: next_working_day

create or replace function trustcart_private.open_follow_ups(p_task_date date)
returns table (customer_id bigint, asked_on date, due_on date, subject text, details text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_day_begins timestamptz := p_task_date::timestamp at time zone v_time_zone;
begin
    return query
    with asked as (
        select
            i.customer_id,
            i.interaction_date as asked_at,
            (i.interaction_date at time zone v_time_zone)::date as asked_on,
            i.follow_up_date as due_on,
            i.subject,
            i.details
        from trustcart.customer_interactions as i
        where
            i.interaction_date < v_day_begins
            and (i.follow_up_date is not null or trustcart_private.asks_follow_up(i.outcome))
        union all
        select
            a.customer_id,
            a.attempted_at,
            (a.attempted_at at time zone v_time_zone)::date,
            (a.due_at at time zone v_time_zone)::date,
            null,
            a.notes
        from trustcart.crm_call_attempts as a
        where
            a.attempted_at < v_day_begins
            and (a.due_at is not null or trustcart_private.asks_follow_up(a.outcome))
            -- What a completed task asked for, its interaction says.
            and not exists (
                select from trustcart.customer_interactions as i
                where i.task_id = a.task_id and i.interaction_date = a.attempted_at
            )
    )

    select distinct on (a.customer_id)
        a.customer_id,
        a.asked_on,
        coalesce(a.due_on, trustcart_private.next_working_day(a.asked_on)),
        a.subject,
        a.details
    from asked as a
    where
        coalesce(a.due_on, trustcart_private.next_working_day(a.asked_on)) <= p_task_date
        -- Nothing later; max() so that one index entry answers, where an anti-join would read every contact.
        and (
            a.asked_at < (
                select max(i.interaction_date)
                from trustcart.customer_interactions as i
                where i.customer_id = a.customer_id and i.interaction_date < v_day_begins
            )
        ) is not true
        and (
            a.asked_at < (
                select max(t.attempted_at)
                from trustcart.crm_call_attempts as t
                where t.customer_id = a.customer_id and t.attempted_at < v_day_begins
            )
        ) is not true
        and (
            a.asked_at < (
                select max(t.completed_at)
                from trustcart.crm_call_tasks as t
                where t.customer_id = a.customer_id and t.completed_at < v_day_begins
            )
        ) is not true
    order by a.customer_id, coalesce(a.due_on, trustcart_private.next_working_day(a.asked_on)), a.asked_at;
end;
$$;
comment on function trustcart_private.open_follow_ups(date) is
'Customers who asked to be called, are due by that date and were not in contact since, a row each: when they asked, the
date it is due (without one, the next working day) and what was noted. Knows contacts before the date only.';

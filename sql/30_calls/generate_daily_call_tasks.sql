-- requires: plan_daily_call_tasks, business_date, require_date

create or replace function trustcart.generate_daily_call_tasks(p_task_date date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
as $$
declare
    v_date date := trustcart_private.require_date(p_task_date);
    v_planned integer;
    v_dropped integer;
    v_created integer;
    v_breakdown jsonb;
begin
    -- Two sessions that generate one day follow each other: the second finds the day written.
    perform pg_advisory_xact_lock(hashtextextended('trustcart.generate_daily_call_tasks', v_date - date '2000-01-01'));

    with planned as materialized (
        select p.*
        from trustcart.plan_daily_call_tasks(v_date) as p
    ),

    created as (
        insert into trustcart.crm_call_tasks (
            customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, reasons
        )
        select
            p.customer_id,
            p.agent_id,
            p.task_type,
            p.priority,
            v_date,
            p.notes,
            'generated',
            p.reasons
        from planned as p
        where
            p.decision = 'kept'
            and not exists (
                select from trustcart.crm_call_tasks as t
                where t.customer_id = p.customer_id and t.task_date = v_date and t.source = 'generated'
            )
        order by p.customer_id
        on conflict (customer_id, task_date) where source = 'generated' do nothing
        returning task_type
    )

    select
        (select count(*) from planned as p where p.decision = 'kept'),
        (select count(*) from planned as p where p.decision = 'dropped'),
        coalesce(sum(c.tasks), 0),
        coalesce(jsonb_object_agg(c.task_type, c.tasks), '{}')
    into v_planned, v_dropped, v_created, v_breakdown
    from (
        select
            n.task_type,
            count(*) as tasks
        from created as n
        group by n.task_type
    ) as c;

    return jsonb_build_object(
        'message', format('Generated %s call tasks for %s', v_created, v_date),
        'breakdown', v_breakdown,
        'task_date', v_date,
        'created', v_created,
        'already_there', v_planned - v_created,
        'dropped', v_dropped,
        'total', (
            select count(*)
            from trustcart.crm_call_tasks as t
            where t.task_date = v_date and t.source = 'generated'
        )
    );
end;
$$;
comment on function trustcart.generate_daily_call_tasks(date) is
'Daily job (guide: "Daily Call Task Generation"): writes the kept rows of plan_daily_call_tasks() as pending tasks, at
most one generated task a customer and day. Run again, or by two sessions at once, it writes only what is missing and
changes no task. Returns {"message", "breakdown": tasks written by type, "task_date", "created", "already_there",
"dropped", "total": the generated tasks of the date}. TC001 for the date.';

create or replace function trustcart.generate_daily_call_tasks(p_task_date text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
as $$
begin
    return trustcart.generate_daily_call_tasks(trustcart_private.parse_date(p_task_date));
end;
$$;
comment on function trustcart.generate_daily_call_tasks(text) is
'The same for a date written as YYYY-MM-DD, as the guide calls it. TC001 when it is none.';

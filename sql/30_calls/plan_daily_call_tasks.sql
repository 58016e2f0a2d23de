-- requires: call_plan, business_date, require_date

create or replace function trustcart.plan_daily_call_tasks(p_task_date date default trustcart.business_date())
returns table (
    customer_id bigint,
    task_type text,
    priority text,
    reasons jsonb,
    agent_id bigint,
    decision text,
    why text,
    priority_rank smallint,
    why_agent text,
    notes text,
    order_count integer,
    total_spend numeric,
    last_order_date date,
    days_since_last_order integer,
    customer_type text,
    lifecycle_stage text,
    list_position integer,
    call_from timestamptz,
    call_until timestamptz,
    carried_from bigint[],
    first_planned_on date,
    due_at timestamptz,
    value_at_stake numeric
)
language plpgsql stable parallel safe
security definer
rows 100000
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_date date := trustcart_private.require_date(p_task_date);
    v_settings trustcart.settings;
begin
    select s.* into v_settings from trustcart.settings as s;
    return query
    select p.*
    from trustcart_private.call_plan(
        v_date, v_settings, array(select t from trustcart.call_task_types as t order by t.rank), v_date, null
    ) as p;
end;
$$;
comment on function trustcart.plan_daily_call_tasks(date) is
'The call list of a date before it is written, a row a candidate (DESIGN, "Daily call generation"): task_type, priority
(priority_rank 1 hot, 2 warm, 3 cold), all reasons in rank with their facts, agent_id and why_agent, decision kept or
dropped and why, list_position: the place in the list, call_from and call_until where hours are limited, carried_from:
the tasks of past days that it carries on, first_planned_on, due_at: the hour that was agreed, value_at_stake: what the
call could keep, by which calls of a priority are in order (null by the guide''s bands, or without a model). Dropped for want of a place: why begins with "no capacity".
Knows orders, contacts and outcomes dated before p_task_date only, so that it is the same whenever asked for; tasks
generated for the date do not change it. Days count to p_task_date; amounts in taka. Writes nothing. TC001 for the date.';

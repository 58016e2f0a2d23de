-- requires: create_call_task, call_task_answer, require_hour, to_business_date

create or replace function trustcart_api.create_call(
    p_customer_id bigint,
    p_task_type text default 'other',
    p_priority text default null,
    p_task_date text default null,
    p_time text default null,
    p_notes text default null,
    p_agent_id bigint default null,
    p_request_id text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_date date := trustcart.to_business_date(p_task_date);
    v_time time := trustcart_private.require_hour(p_time);
    v_task_id bigint;
begin
    v_task_id := trustcart.create_call_task(
        p_customer_id,
        coalesce(nullif(btrim(p_task_type), ''), 'other'),
        nullif(btrim(p_priority), ''),
        v_date,
        p_agent_id,
        nullif(btrim(p_notes), ''),
        (
            select (coalesce(v_date, trustcart.business_date()) + v_time) at time zone s.time_zone
            from trustcart.settings as s
        ),
        p_request_id
    );
    return (
        select trustcart_private.call_task_answer(t)
        from trustcart.crm_call_tasks as t
        where t.id = v_task_id
    );
end;
$$;
comment on function trustcart_api.create_call(bigint, text, text, text, text, text, bigint, text) is
'Creates a call by hand, for p_task_date (default: today), at p_time (HH:MM, the shop''s time zone) if an hour was
agreed upon: create_call_task(). Returns the task. TC001 date or hour; the rest as create_call_task().';

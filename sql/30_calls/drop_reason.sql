create or replace function trustcart.drop_reason(p_why text, p_task_type text)
returns text
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Of several reasons that of the call it would have been, else the first.
    v_part text := coalesce(
        substring(p_why from '\m' || p_task_type || ': ([^;]*)'),
        split_part(p_why, '; ', 1)
    );
begin
    return case
        when p_why like 'no capacity%' then 'no capacity'
        when v_part like 'cadence exhausted%' then 'cadence exhausted'
        when v_part like 'called on %' then concat_ws(' ', 'called', substring(v_part from 'less than \d+ days ago'))
        when v_part like 'contacted % times %' then 'contacted often enough in seven days'
        when v_part like 'has a task already%' then 'has a task already'
        when v_part like 'planned for %' then 'not called in time'
        else regexp_replace(v_part, ' on \d{4}-\d{2}-\d{2}', '')
    end;
end;
$$;
comment on function trustcart.drop_reason(text, text) is
'What plan_daily_call_tasks() says in why of a dropped candidate, without what differs from customer to customer (dates,
counts), to group by: the reason against a call of p_task_type where several are given, else the first. Null for null.';

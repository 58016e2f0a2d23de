-- requires: call_scripts_of, business_date

create or replace function trustcart.call_script(p_task_id bigint, p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_script jsonb;
begin
    if p_task_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'task_id is required',
            hint = 'Take the id from the day''s list of calls.';
    end if;
    select s.script
    into v_script
    from trustcart.call_scripts_of(array[p_task_id], p_as_of) as s;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no call task %s', p_task_id),
            hint = 'Take the id from the day''s list of calls.';
    end if;
    return v_script;
end;
$$;
comment on function trustcart.call_script(bigint, date) is
'What the agent needs for a call: task_id; title, focus, offer, dos and donts of the first of call_scripts that fits
the task and the customer; recommended_action; reasons of the task; and greeting: name, customer_type,
lifecycle_stage, lifetime_value (taka), order_count, last_order (date, amount, items), days_since_last_order,
preferred_categories, events of the customer and family from p_as_of to 7 days later (event_type, name, relationship,
event_date), last_contact (date, channel, outcome, notes), preferred_hours (from, until, time_zone) and language as
wished. The last order and contact are those up to p_as_of. TC001 date, TC003 without id, TC004 no such task (guide:
"Customer Interaction Guidelines", "Segmentation Strategy").';

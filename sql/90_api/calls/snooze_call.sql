-- requires: begin_request, snooze_call_task, call_task_answer, is_instant, parse_instant, require_hour

create or replace function trustcart_api.snooze_call(
    p_task_id bigint,
    p_until text default null,
    p_minutes integer default null,
    p_request_id text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_until_text text := nullif(btrim(p_until), '');
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_until timestamptz;
    v_task trustcart.crm_call_tasks;
begin
    if num_nonnulls(v_until_text, p_minutes) <> 1 then
        raise exception using
            errcode = case when v_until_text is null then 'TC003' else 'TC005' end,
            message = case
                when v_until_text is null then 'until is required'
                else 'until and minutes exclude each other'
            end,
            hint = 'Say at what hour the call comes up again, or in how many minutes.',
            column = 'until';
    elsif p_minutes not between 1 and 1440 then
        raise exception using
            errcode = 'TC005',
            message = format('minutes %s is out of range', p_minutes),
            hint = 'Give 1 to 1440.',
            column = 'minutes';
    elsif p_minutes is not null then
        v_until := date_trunc('minute', now()) + make_interval(mins => p_minutes);
    elsif trustcart_private.is_instant(v_until_text) then
        v_until := trustcart_private.parse_instant(v_until_text, v_time_zone);
    else
        v_until := (
            (now() at time zone v_time_zone)::date + trustcart_private.require_hour(v_until_text)
        ) at time zone v_time_zone;
    end if;
    -- Known by what was asked for: so many minutes from now is another instant each time.
    if (
        trustcart_private.begin_request(
            p_request_id, 'snooze_call', jsonb_build_array(p_task_id, v_until_text, p_minutes), p_task_id
        )
    ).request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
    else
        v_task := trustcart.snooze_call_task(p_task_id, v_until);
    end if;
    return trustcart_private.call_task_answer(v_task);
end;
$$;
comment on function trustcart_api.snooze_call(bigint, text, integer, text) is
'Puts a call off to a later hour of the day: p_until as HH:MM in the shop''s time zone, or an instant; or p_minutes from
now. Returns the task. TC001 hour, TC003 without either, TC005 both, out of range, or another day; the rest as
snooze_call_task().';

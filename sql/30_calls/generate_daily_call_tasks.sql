-- requires: write_call_list, business_date, require_date

create or replace function trustcart.generate_daily_call_tasks(p_task_date date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_date date := trustcart_private.require_date(p_task_date);
begin
    -- Two sessions that generate one day follow each other: the second finds the day written.
    perform pg_advisory_xact_lock(hashtextextended('trustcart.generate_daily_call_tasks', v_date - date '2000-01-01'));
    -- Calls of past days cannot be completed while they are carried on: locked first, read then.
    perform
    from trustcart.crm_call_tasks as t
    where t.status = 'pending' and t.task_date < least(v_date, trustcart.business_date())
    order by t.id
    for no key update;

    for v_try in 1..3 loop
        begin
            return trustcart_private.write_call_list(v_date);
        exception when sqlstate 'TC206' or sqlstate 'TC207' or sqlstate 'TC201' then
            -- Meanwhile a call took an agent's last place, or an agent went on leave or left: look again.
            if v_try = 3 then
                raise;
            end if;
        end;
    end loop;
end;
$$;
comment on function trustcart.generate_daily_call_tasks(date) is
'Daily job (guide: "Daily Call Task Generation"): writes the kept rows of plan_daily_call_tasks() as pending tasks, at
most one generated task a customer and day. Pending calls of past days are closed as carried and go on in the task of
this day that names them, or expire by type; without a place they wait. Run again, or by two sessions at once, it writes
only what is missing and changes no task of the day. Nobody gets a task whom somebody has called on that day already, or
whose agent has no room left. Returns {"message", "breakdown": tasks written by type, "task_date", "created",
"already_there", "dropped", "no_capacity", "carried", "expired", "overtaken": cancelled at once, for the customer has
ordered since, "total": the generated tasks of the date}. TC001 for the
date.';

create or replace function trustcart.generate_daily_call_tasks(p_task_date text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return trustcart.generate_daily_call_tasks(trustcart_private.parse_date(p_task_date));
end;
$$;
comment on function trustcart.generate_daily_call_tasks(text) is
'The same for a date written as YYYY-MM-DD, as the guide calls it. TC001 when it is none.';

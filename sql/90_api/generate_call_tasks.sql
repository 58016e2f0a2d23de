-- requires: generate_daily_call_tasks, business_date, to_business_date

create or replace function trustcart_api.generate_call_tasks(p_task_date text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return trustcart.generate_daily_call_tasks(
        coalesce(trustcart.to_business_date(p_task_date), trustcart.business_date())
    );
end;
$$;
comment on function trustcart_api.generate_call_tasks(text) is
'POST /crm-automation/generate-call-tasks: generates the call tasks of taskDate, or of today. Returns what
generate_daily_call_tasks() does. TC001 for a date that is none.';

-- requires: require_date, business_date, is_successful_call

create or replace function trustcart.report_daily(p_date date default trustcart.business_date())
returns table (
    task_date date,
    total_tasks bigint,
    completed bigint,
    successful bigint,
    completion_rate numeric,
    pending bigint,
    skipped bigint,
    expired bigint,
    cancelled bigint,
    carried bigint
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_date date := trustcart_private.require_date(p_date);
begin
    return query
    select
        v_date,
        count(*),
        count(*) filter (where t.status = 'completed'),
        count(*) filter (where trustcart.is_successful_call(t.status, t.successful)),
        round(count(*) filter (where t.status = 'completed') * 100.0 / nullif(count(*), 0), 2),
        count(*) filter (where t.status = 'pending'),
        count(*) filter (where t.status = 'skipped'),
        count(*) filter (where t.status = 'expired'),
        count(*) filter (where t.status = 'cancelled'),
        count(*) filter (where t.status = 'carried')
    from trustcart.crm_call_tasks as t
    where t.task_date = v_date;
end;
$$;
comment on function trustcart.report_daily(date) is
'The call tasks of a day by what became of them; one row, with zeros and no rate where the day has no tasks.
completion_rate is completed of total_tasks, in percent. Guide, "Daily CRM Report". Errors: TC001.';

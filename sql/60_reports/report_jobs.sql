-- requires: business_date

create or replace function trustcart.report_jobs()
returns table (
    job_name text,
    run_at time,
    is_enabled boolean,
    last_business_date date,
    last_status text,
    last_started_at timestamptz,
    last_seconds numeric,
    last_result jsonb,
    last_success_date date,
    is_overdue boolean
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        s.job_name,
        s.run_at,
        s.is_enabled,
        r.business_date,
        r.status,
        r.started_at,
        round(extract(epoch from r.finished_at - r.started_at)::numeric, 2),
        coalesce(r.result, to_jsonb(r.error_message)),
        ok.business_date,
        -- An hour after its time it should have been done, however late the ticks come. One that has never run waits for
        -- somebody to begin with it.
        s.is_enabled
        and r.id is not null
        and coalesce(ok.business_date, '-infinity') < ((now() - interval '1 hour') at time zone x.time_zone)::date
        - case
            when ((now() - interval '1 hour') at time zone x.time_zone)::time < s.run_at then 1
            else 0
        end
    from trustcart.job_schedules as s
    cross join trustcart.settings as x
    left join lateral (
        select l.*
        from trustcart.job_runs as l
        where l.job_name = s.job_name
        order by l.id desc
        limit 1
    ) as r on true
    left join lateral (
        select max(l.business_date) as business_date
        from trustcart.job_runs as l
        where l.job_name = s.job_name and l.status = 'succeeded'
    ) as ok on true
    order by s.run_order;
end;
$$;
comment on function trustcart.report_jobs() is
'The jobs in the order they run: when each is due, what became of its last run (its result, or the error), the latest
business date it succeeded for, and whether it is overdue: an hour after its time it has not
succeeded for that day, though it ran before.';

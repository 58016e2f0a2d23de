-- requires: report_jobs, business_date, listed

create or replace function trustcart.doctor_jobs()
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_yesterday date := trustcart.business_date() - 1;
    v_jobs bigint;
    v_overdue text[];
    v_is_late boolean;
    v_failing text[];
    v_is_given_up boolean;
    v_long text[];
    v_last_start timestamptz;
begin
    select
        count(*) filter (where j.is_enabled),
        array_agg(format('%s (last done for %s)', j.job_name, coalesce(j.last_success_date::text, 'no day')))
        filter (where j.is_overdue),
        coalesce(bool_or(j.is_overdue and coalesce(j.last_success_date, '-infinity') < v_yesterday), false),
        array_agg(
            case
                when j.last_status = 'failed' then format('%s: %s', j.job_name, j.last_result #>> '{}')
                else format('%s was killed', j.job_name)
            end
        ) filter (where j.is_enabled and j.last_status in ('failed', 'killed')),
        array_agg(format('%s since %s', j.job_name, date_trunc('second', j.last_started_at)))
        filter (where j.last_status = 'started' and j.last_started_at < now() - interval '6 hours'),
        max(j.last_started_at),
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'name', 'trustcart_job_last_run_timestamp_seconds',
                    'labels', jsonb_build_object('job', j.job_name),
                    'value', extract(epoch from j.last_started_at)
                )
            ) filter (where j.last_started_at is not null),
            '[]'
        )
        || coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'name', 'trustcart_job_last_run_seconds',
                    'labels', jsonb_build_object('job', j.job_name),
                    'value', j.last_seconds
                )
            ) filter (where j.last_seconds is not null),
            '[]'
        )
    into v_jobs, v_overdue, v_is_late, v_failing, v_long, v_last_start, figures
    from trustcart.report_jobs() as j;
    check_name := 'jobs_overdue';
    status := case when v_is_late then 'critical' when v_overdue is not null then 'warning' else 'ok' end;
    finding := case
        when v_overdue is not null then trustcart_private.listed(v_overdue)
        when v_last_start is null then 'none has ever run'
        else format('none of %s, the last began at %s', v_jobs, date_trunc('second', v_last_start))
    end;
    threshold := 'warning: not done an hour after its time; critical: not done for yesterday either';
    remedy := case
        when status <> 'ok' then 'trustcart-db run --due catches up; trustcart-db jobs shows what drives them.'
    end;
    figures := figures || jsonb_build_array(
        jsonb_build_object('name', 'trustcart_jobs_overdue', 'value', coalesce(cardinality(v_overdue), 0))
    );
    return next;

    v_is_given_up := exists (
        select
        from trustcart.job_schedules as s
        where
            s.is_enabled
            and s.max_attempts <= (
                select count(*)
                from trustcart.job_runs as r
                where
                    r.job_name = s.job_name and r.business_date = v_yesterday + 1 and r.status in ('failed', 'killed')
            )
            and not exists (
                select
                from trustcart.job_runs as r
                where r.job_name = s.job_name and r.business_date = v_yesterday + 1 and r.status = 'succeeded'
            )
    );
    check_name := 'jobs_failing';
    status := case
        when v_is_given_up then 'critical' when coalesce(v_failing, v_long) is not null then 'warning' else 'ok'
    end;
    finding := coalesce(
        nullif(
            concat_ws('; ', trustcart_private.listed(v_failing), 'still running: ' || trustcart_private.listed(v_long)),
            ''
        ),
        'the last run of each succeeded'
    );
    threshold := 'warning: the last run failed, was killed, or runs since 6 hours; critical: given up for today';
    remedy := case
        when status <> 'ok'
            then 'Mend what the message says, then trustcart-db run JOB; trustcart.job_runs has every failure.'
    end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_jobs_failing', 'value', coalesce(cardinality(v_failing), 0)),
        jsonb_build_object('name', 'trustcart_jobs_stuck', 'value', coalesce(cardinality(v_long), 0))
    );
    return next;
end;
$$;
comment on function trustcart.doctor_jobs() is
'Part of `trustcart-db doctor`: jobs_overdue (have the daily jobs been done?) and jobs_failing (did their last runs
succeed?). Rows as of doctor_rights().';

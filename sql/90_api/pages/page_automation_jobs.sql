-- requires: page_frame, report_jobs

create or replace function trustcart_api.page_automation_jobs(
    p_job_name text default null, p_before bigint default null, p_limit integer default 25
)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
    v_job text := nullif(lower(btrim(p_job_name)), '');
    v_ids bigint[];
begin
    if v_job is not null and not exists (select from trustcart.job_schedules as s where s.job_name = v_job) then
        raise exception using
            errcode = 'TC002',
            message = format('there is no job %L', left(p_job_name, 100)),
            hint = 'Take one of trustcart.job_schedules.';
    elsif (p_limit between 1 and 100) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', coalesce(p_limit::text, 'null')),
            hint = 'Give 1 to 100.';
    end if;
    v_ids := array(
        select r.id
        from trustcart.job_runs as r
        where (v_job is null or r.job_name = v_job) and (p_before is null or r.id < p_before)
        order by r.id desc
        limit p_limit + 1
    );
    return jsonb_build_object(
        'frame', v_frame,
        'job_name', v_job,
        'before', p_before,
        'next_before', case when cardinality(v_ids) > p_limit then v_ids[p_limit] end,
        'jobs', (
            select
                jsonb_agg(
                    to_jsonb(j) || jsonb_build_object(
                        'description', s.description,
                        'run_at', to_char(j.run_at, 'HH24:MI'),
                        'last_started_at', to_char(
                            j.last_started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                        ),
                        'last_error', case
                            when j.last_status in ('failed', 'killed') then coalesce(j.last_result #>> '{}', '')
                        end
                    ) - 'last_result'
                    -- What somebody has to look into comes first.
                    order by
                        j.is_overdue desc, coalesce(j.last_status in ('failed', 'killed'), false) desc, s.run_order
                )
            from trustcart.report_jobs() as j
            inner join trustcart.job_schedules as s on j.job_name = s.job_name
        ),
        'runs', coalesce(
            (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'id', r.id,
                            'job_name', r.job_name,
                            'business_date', r.business_date,
                            'status', r.status,
                            'started_at', to_char(r.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                            'seconds', round(extract(epoch from r.finished_at - r.started_at)::numeric, 2),
                            'attempts', r.attempts,
                            'result', r.result,
                            'error_sqlstate', r.error_sqlstate,
                            'error_message', r.error_message,
                            'started_by', r.started_by
                        )
                        order by r.id desc
                    )
                from trustcart.job_runs as r
                where r.id = any(v_ids[:p_limit])
            ),
            '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_jobs(text, bigint, integer) is
'The daily jobs and their runs, to read: jobs (report_jobs() with description and last_error), the overdue first, then
the failed; runs of all or of p_job_name, the latest first. p_before: those with a smaller id, as next_before of the page
before says, null on the last. Managers alone. TC002 for an unknown job, TC005 for a limit out of 1 to 100.';

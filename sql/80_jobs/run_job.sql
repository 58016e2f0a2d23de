-- requires: attempt_job

-- An invoker procedure without SET: with either it could not commit. Every name is qualified instead.
create or replace procedure trustcart.run_job(
    p_job_name text,
    p_business_date date default trustcart.business_date()
)
language plpgsql
security invoker
as $$
declare
    v_status text;
    v_sqlstate text;
    v_message text;
    v_hint text;
begin
    call trustcart.attempt_job(p_job_name, p_business_date, v_status, v_sqlstate, v_message, v_hint);
    if v_status operator(pg_catalog.=) 'running' then
        raise exception using
            errcode = 'TC105',
            message = pg_catalog.format('%s is running already', p_job_name),
            hint = 'Wait for it to end; trustcart.job_runs shows since when it runs.';
    elsif v_status operator(pg_catalog.=) 'failed' then
        raise exception using
            errcode = 'TC301',
            message = pg_catalog.format('%s for %s failed: %s', p_job_name, p_business_date, v_message),
            detail = pg_catalog.format('SQLSTATE %s', v_sqlstate),
            hint = coalesce(
                nullif(v_hint, ''), 'trustcart.job_runs keeps the failure; mend its cause and run the job again.'
            );
    end if;
end;
$$;
comment on procedure trustcart.run_job (text, date) is
'Runs one job of job_schedules for a business date and leaves its row in job_runs, whatever becomes of it. Call it
outside a transaction block. Errors: TC001, TC002 (no such job), TC105 (running already), TC301 (the job failed).';

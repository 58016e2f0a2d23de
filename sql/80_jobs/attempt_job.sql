-- An invoker procedure without SET: with either it could not commit. Every name is qualified instead.
create or replace procedure trustcart.attempt_job(
    p_job_name text,
    p_business_date date,
    inout p_status text default null,
    inout p_sqlstate text default null,
    inout p_message text default null,
    inout p_hint text default null
)
language plpgsql
security invoker
as $$
declare
    v_run_id bigint;
    v_lock bigint := pg_catalog.hashtextextended(pg_catalog.concat('trustcart job ', p_job_name), 0);
    v_result jsonb;
    v_attempt smallint := 0;
begin
    p_status := null;
    p_sqlstate := null;
    p_message := null;
    p_hint := null;
    if not exists (select from trustcart.job_schedules as s where s.job_name operator(pg_catalog.=) p_job_name) then
        raise exception using
            errcode = 'TC002',
            message = pg_catalog.format('there is no job named %L', p_job_name),
            hint = pg_catalog.format(
                'The jobs are: %s.',
                (
                    select pg_catalog.string_agg(s.job_name, ', ' order by s.run_order)
                    from trustcart.job_schedules as s
                )
            );
    end if;
    perform trustcart.check_job_date(p_business_date);
    if not pg_catalog.pg_try_advisory_lock(v_lock) then
        p_status := 'running';
        return;
    end if;

    -- Whoever began a run and does not hold the lock any more was killed.
    update trustcart.job_runs as r
    set status = 'killed', finished_at = pg_catalog.clock_timestamp()
    where r.job_name operator(pg_catalog.=) p_job_name and r.status operator(pg_catalog.=) 'started';
    insert into trustcart.job_runs (job_name, business_date)
    values (p_job_name, p_business_date)
    returning id into v_run_id;
    commit;

    loop
        v_attempt := v_attempt operator(pg_catalog.+) 1::smallint;
        p_sqlstate := null;
        p_message := null;
        p_hint := null;
        begin
            execute pg_catalog.format('select trustcart.%I($1)', p_job_name) into v_result using p_business_date;
        exception when others then
            get stacked diagnostics
                p_sqlstate = returned_sqlstate,
                p_message = message_text,
                p_hint = pg_exception_hint;
        end;
        -- Two orders of different customers in one transaction may deadlock with the job: it tries again.
        exit when p_sqlstate is null
        or p_sqlstate operator(pg_catalog.<>) all (array['40P01', '40001'])
        or v_attempt operator(pg_catalog.>=) 5;
        rollback;
    end loop;

    p_status := case when p_sqlstate is null then 'succeeded' else 'failed' end;
    update trustcart.job_runs as r
    set
        status = p_status,
        finished_at = pg_catalog.clock_timestamp(),
        attempts = v_attempt,
        result = v_result,
        error_sqlstate = p_sqlstate,
        error_message = nullif(pg_catalog.concat_ws(' ', p_message, p_hint), '')
    where r.id operator(pg_catalog.=) v_run_id;
    commit;
    perform pg_catalog.pg_advisory_unlock(v_lock);
end;
$$;
comment on procedure trustcart.attempt_job (text, date, text, text, text, text) is
'Runs one job for a business date under an advisory lock and says how it ended: p_status succeeded, failed (with
p_sqlstate, p_message, p_hint) or running (somebody else''s run holds the lock). Its row in job_runs is committed before
the job begins, so that a killed run leaves it; the job commits together with its result. run_job() and run_due_jobs()
are made of it. Errors: TC001, TC002 (no such job).';

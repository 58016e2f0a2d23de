-- requires: add_job_results, check_job_date

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
    v_batch_size integer;
    v_answer jsonb;
    v_result jsonb;
    v_retries smallint := 0;
    v_retries_of_batch smallint := 0;
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

    select s.batch_size into v_batch_size
    from trustcart.job_schedules as s
    where s.job_name operator(pg_catalog.=) p_job_name;
    loop
        p_sqlstate := null;
        p_message := null;
        p_hint := null;
        begin
            if v_batch_size is null then
                execute pg_catalog.format('select trustcart.%I($1)', p_job_name) into v_answer using p_business_date;
            else
                -- While it waits, others wait for the rows that the batch has locked already.
                perform pg_catalog.set_config('lock_timeout', '500ms', true);
                -- Compiling what handles a few thousand rows takes longer than handling them.
                perform pg_catalog.set_config('jit', 'off', true);
                execute pg_catalog.format('select trustcart.%I($1, p_limit => $2)', p_job_name)
                into v_answer using p_business_date, v_batch_size;
            end if;
        exception
            when query_canceled then
                -- Behind a pooler the session, and the lock with it, would be somebody else's next.
                perform pg_catalog.pg_advisory_unlock(v_lock);
                raise;
            when others then
                get stacked diagnostics
                    p_sqlstate = returned_sqlstate,
                    p_message = message_text,
                    p_hint = pg_exception_hint;
        end;
        if p_sqlstate is null then
            v_result := case when v_result is null then v_answer else trustcart.add_job_results(v_result, v_answer) end;
            exit when (v_answer operator(pg_catalog.->>) 'is_complete') is distinct from 'false';
            -- What is done stays, whatever becomes of the rest, and whoever waited for it goes on.
            update trustcart.job_runs as r set result = v_result where r.id operator(pg_catalog.=) v_run_id;
            commit;
            v_retries_of_batch := 0;
        else
            -- Two orders of different customers in one transaction may deadlock with the job: it tries again. So it does
            -- when it did not get a lock in the time that it may wait for one.
            exit when p_sqlstate operator(pg_catalog.<>) all (array['40P01', '40001', '55P03'])
            or v_retries_of_batch operator(pg_catalog.>=) 4;
            rollback;
            v_retries := v_retries operator(pg_catalog.+) 1::smallint;
            v_retries_of_batch := v_retries_of_batch operator(pg_catalog.+) 1::smallint;
            if p_sqlstate operator(pg_catalog.=) '55P03' then
                begin
                    perform pg_catalog.pg_sleep(v_retries_of_batch);
                exception when query_canceled then
                    perform pg_catalog.pg_advisory_unlock(v_lock);
                    raise;
                end;
            end if;
        end if;
    end loop;

    p_status := case when p_sqlstate is null then 'succeeded' else 'failed' end;
    update trustcart.job_runs as r
    set
        status = p_status,
        finished_at = pg_catalog.clock_timestamp(),
        attempts = v_retries operator(pg_catalog.+) 1::smallint,
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
the job begins, so that a killed run leaves it; the job commits together with its result. A job with a batch_size in
job_schedules commits batch by batch; killed or failed in between, it goes on from there the next time. A batch waits
half a second at most for a lock. What deadlocked, or did not get its lock, is tried five times. run_job() and run_due_jobs() are made of it. Errors:
TC001, TC002 (no such job).';

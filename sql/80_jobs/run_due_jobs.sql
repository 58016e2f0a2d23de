-- requires: attempt_job, seal_audit_log

-- An invoker procedure without SET: with either it could not commit. Every name is qualified instead.
create or replace procedure trustcart.run_due_jobs()
language plpgsql
security invoker
as $$
declare
    v_date date := trustcart.business_date();
    v_jobs text[];
    v_job text;
    v_status text;
    v_sqlstate text;
    v_message text;
    v_hint text;
    v_failures text[] := array[]::text[];
begin
    -- Today's jobs whose time has come and that have not succeeded for today. After a downtime that is all of the
    -- catching up: state and dropoffs pass every skipped day on the way, and yesterday's call list helps nobody.
    v_jobs := array(
        select s.job_name
        from trustcart.job_schedules as s
        cross join trustcart.settings as x
        where
            s.is_enabled
            and pg_catalog.timezone(x.time_zone, pg_catalog.now())::time operator(pg_catalog.>=) s.run_at
            and not exists (
                select
                from trustcart.job_runs as r
                where
                    r.job_name operator(pg_catalog.=) s.job_name
                    and r.business_date operator(pg_catalog.=) v_date
                    and r.status operator(pg_catalog.=) 'succeeded'
            )
            and (
                select pg_catalog.count(*)
                from trustcart.job_runs as r
                where
                    r.job_name operator(pg_catalog.=) s.job_name
                    and r.business_date operator(pg_catalog.=) v_date
                    and r.status operator(pg_catalog.=) any (array['failed', 'killed'])
            ) operator(pg_catalog.<) s.max_attempts
        order by s.run_order
    );
    foreach v_job in array v_jobs loop
        call trustcart.attempt_job(v_job, v_date, v_status, v_sqlstate, v_message, v_hint);
        if v_status operator(pg_catalog.=) 'failed' then
            v_failures := pg_catalog.array_append(
                v_failures, pg_catalog.format('%s (%s: %s)', v_job, v_sqlstate, v_message)
            );
        end if;
    end loop;

    -- What is not sealed can be removed unseen, so the chain is never more than a tick behind. No job: it has no row in
    -- job_runs, and whatever becomes of it, the tick goes on.
    begin
        if pg_catalog.has_function_privilege('trustcart.seal_audit_log(date)', 'execute') then
            perform trustcart.seal_audit_log(v_date);
        end if;
    exception when others then
        raise warning 'trustcart: the audit trail was not sealed (%: %)', sqlstate, sqlerrm;
    end;
    if pg_catalog.cardinality(v_failures) operator(pg_catalog.>) 0 then
        -- The failure must not take the seals along. A job ran, so this is no transaction block.
        commit;
        raise exception using
            errcode = 'TC301',
            message = pg_catalog.format(
                'of the jobs due on %s failed: %s', v_date, pg_catalog.array_to_string(v_failures, '; ')
            ),
            hint = 'trustcart.job_runs keeps each failure; the next tick tries again until max_attempts is reached.';
    end if;
end;
$$;
comment on procedure trustcart.run_due_jobs () is
'What the tick calls every five minutes: runs, in order, the enabled jobs whose time of the business day has come and
that have not succeeded today yet; a failed one again until max_attempts. A job that is running already is passed
over. Then it seals the audit trail (seal_audit_log(), no job of its own), if the caller may; a failure of that is a
warning. Raises TC301 at the end when a job failed. Call it outside a transaction block.';

-- The schema of a freshly migrated database, for reviewers: `make schema` writes it, CI compares it. Nothing reads it.
-- Left out: yoyo's own tables, and partitions, whose names depend on the day.
--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: trustcart; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA trustcart;

--
-- Name: SCHEMA trustcart; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA trustcart IS 'The contract: every table, view and function that the guide names, under the guide''s name.';

--
-- Name: trustcart_api; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA trustcart_api;

--
-- Name: SCHEMA trustcart_api; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA trustcart_api IS 'One function per HTTP endpoint of the guide: arguments in, jsonb out.';

--
-- Name: trustcart_private; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA trustcart_private;

--
-- Name: SCHEMA trustcart_private; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA trustcart_private IS 'The engine room: rollups, helpers and trigger functions. Nobody outside has USAGE on it.';

--
-- Name: calendar_date; Type: DOMAIN; Schema: trustcart; Owner: -
--

CREATE DOMAIN trustcart.calendar_date AS date
	CONSTRAINT calendar_date_sane CHECK (((VALUE >= '1850-01-01'::date) AND (VALUE < '2200-01-01'::date)));

--
-- Name: DOMAIN calendar_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON DOMAIN trustcart.calendar_date IS 'A date in a person''s lifetime: neither infinite nor out of all bounds.';

--
-- Name: email_address; Type: DOMAIN; Schema: trustcart; Owner: -
--

CREATE DOMAIN trustcart.email_address AS text
	CONSTRAINT email_address_form CHECK ((VALUE ~ '^[^@\s]+@[^@\s]+$'::text));

--
-- Name: DOMAIN email_address; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON DOMAIN trustcart.email_address IS 'An e-mail address: something, @, something, no spaces.';

--
-- Name: gender; Type: DOMAIN; Schema: trustcart; Owner: -
--

CREATE DOMAIN trustcart.gender AS text
	CONSTRAINT gender_known CHECK ((VALUE = ANY (ARRAY['female'::text, 'male'::text, 'other'::text])));

--
-- Name: DOMAIN gender; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON DOMAIN trustcart.gender IS 'female, male or other.';

--
-- Name: customer_figures; Type: TYPE; Schema: trustcart_private; Owner: -
--

CREATE TYPE trustcart_private.customer_figures AS (
	customer_id bigint,
	order_count integer,
	total_spend numeric,
	first_order_date date,
	last_order_date date,
	next_order_date date,
	from_type text,
	from_stage text
);

--
-- Name: TYPE customer_figures; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TYPE trustcart_private.customer_figures IS 'What the counted orders of a customer come to, with the labels they replace: handed to write_customer_state().';

--
-- Name: add_agent_leave(bigint, date, date, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.add_agent_leave(p_agent_id bigint, p_from date, p_until date, p_reason text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_agent_id bigint;
    v_from date;
    v_until date;
    v_constraint text;
    v_there daterange;
    v_id bigint;
begin
    if p_agent_id is null or p_from is null or p_until is null then
        raise exception using
            errcode = 'TC003',
            message = format(
                '%s is required',
                case when p_agent_id is null then 'agent_id' when p_from is null then 'from' else 'until' end
            ),
            hint = 'Leave needs the agent, the first day and the last, which is included.';
    end if;
    v_agent_id := trustcart_private.require_agent(p_agent_id);
    v_from := trustcart_private.require_date(p_from);
    v_until := trustcart_private.require_date(p_until);
    if v_until < v_from then
        raise exception using
            errcode = 'TC005',
            message = format('the leave ends on %s, before it begins on %s', v_until, v_from),
            hint = 'Give the first day and the last, which is included.';
    end if;

    insert into trustcart.agent_leave (agent_id, during, reason)
    values (v_agent_id, daterange(v_from, v_until, '[]'), nullif(btrim(p_reason), ''))
    returning id into v_id;
    return v_id;
exception
    when exclusion_violation then
        get stacked diagnostics v_constraint = constraint_name;
        if v_constraint <> 'agent_leave_no_overlap' then
            raise;
        end if;
        select l.during
        into v_there
        from trustcart.agent_leave as l
        where l.agent_id = p_agent_id and l.during && daterange(p_from, p_until, '[]')
        order by l.during
        limit 1;
        raise exception using
            errcode = 'TC210',
            message = format(
                'agent %s is on leave from %s to %s already', p_agent_id, lower(v_there), upper(v_there) - 1
            ),
            hint = 'Enter the other days, or cancel that leave with trustcart.cancel_agent_leave() first.';
end;
$$;

--
-- Name: FUNCTION add_agent_leave(p_agent_id bigint, p_from date, p_until date, p_reason text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.add_agent_leave(p_agent_id bigint, p_from date, p_until date, p_reason text) IS 'Enters leave of an agent, p_until included; returns its id. The agent''s open calls of those days, from today on, go to
others at once (reassign_agent_calls). TC001 dates, TC003 missing, TC004 no such user, TC005 it ends before it begins,
TC201 not an active crm_agent, TC210 on leave already.';

--
-- Name: business_date(); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.business_date() RETURNS date
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return (select (now() at time zone s.time_zone)::date from trustcart.settings as s);
end;
$$;

--
-- Name: FUNCTION business_date(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.business_date() IS 'Today in the time zone of settings: the date that every rule counts from unless another is given.';

--
-- Name: agent_availability(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.agent_availability(p_date date DEFAULT trustcart.business_date()) RETURNS TABLE(agent_id bigint, agent_name text, work_date date, works_from time without time zone, works_until time without time zone, absence text, max_calls integer, calls integer, room integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return query
    select
        c.agent_id,
        u.name,
        p_date,
        c.works_from,
        c.works_until,
        c.absence,
        c.max_calls,
        coalesce(d.calls, 0),
        greatest(c.max_calls - coalesce(d.calls, 0), 0)
    from trustcart_private.agent_capacity(p_date) as c
    inner join trustcart.users as u on c.agent_id = u.id
    left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = p_date
    order by c.agent_id;
end;
$$;

--
-- Name: FUNCTION agent_availability(p_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.agent_availability(p_date date) IS 'The active agents on a date: whether each works (absence says why not) and when, how many calls the day holds, how many
are given so far and for how many there is room. Hours are in the business time zone. TC001 for the date.';

--
-- Name: agent_figures(date, date, text, bigint); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.agent_figures(p_from date, p_to date, p_period text DEFAULT NULL::text, p_agent_id bigint DEFAULT NULL::bigint) RETURNS TABLE(agent_id bigint, period_start date, total_tasks bigint, completed_tasks bigint, successful_calls bigint, pending bigint, skipped bigint, expired bigint, cancelled bigint, carried bigint, call_duration interval, timed_calls bigint, total_interactions bigint, attempts bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_begins timestamptz;
    v_ends timestamptz;
begin
    perform trustcart.check_period(p_from, p_to);
    if p_period not in ('day', 'week', 'month') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a period', p_period),
            hint = 'Known are day, week (Monday to Sunday) and month.';
    end if;
    v_begins := p_from::timestamp at time zone v_time_zone;
    v_ends := (p_to + 1)::timestamp at time zone v_time_zone;

    -- Tasks, interactions and attempts are counted each for itself and then laid side by side: joined to one another
    -- they would multiply.
    return query
    select
        x.agent_id,
        x.period_start,
        sum(x.total_tasks)::bigint,
        sum(x.completed_tasks)::bigint,
        sum(x.successful_calls)::bigint,
        sum(x.pending)::bigint,
        sum(x.skipped)::bigint,
        sum(x.expired)::bigint,
        sum(x.cancelled)::bigint,
        sum(x.carried)::bigint,
        sum(x.call_duration),
        sum(x.timed_calls)::bigint,
        sum(x.total_interactions)::bigint,
        sum(x.attempts)::bigint
    from (
        select
            t.assigned_agent_id as agent_id,
            case when p_period is null then p_from else date_trunc(p_period, t.task_date::timestamp)::date end
                as period_start,
            count(*) as total_tasks,
            count(*) filter (where t.status = 'completed') as completed_tasks,
            count(*) filter (where t.successful) as successful_calls,
            count(*) filter (where t.status = 'pending') as pending,
            count(*) filter (where t.status = 'skipped') as skipped,
            count(*) filter (where t.status = 'expired') as expired,
            count(*) filter (where t.status = 'cancelled') as cancelled,
            count(*) filter (where t.status = 'carried') as carried,
            sum(t.completed_at - t.started_at) as call_duration,
            count(t.completed_at - t.started_at) as timed_calls,
            0 as total_interactions,
            0 as attempts
        from trustcart.crm_call_tasks as t
        where t.task_date between p_from and p_to and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
        group by 1, 2
        union all
        select
            i.agent_id,
            case
                when p_period is null then p_from
                else date_trunc(p_period, i.interaction_date at time zone v_time_zone)::date
            end,
            0, 0, 0, 0, 0, 0, 0, 0, null, 0,
            count(*),
            0
        from trustcart.customer_interactions as i
        where
            i.interaction_date >= v_begins and i.interaction_date < v_ends
            and (p_agent_id is null or i.agent_id = p_agent_id)
        group by 1, 2
        union all
        select
            a.agent_id,
            case
                when p_period is null then p_from
                else date_trunc(p_period, a.attempted_at at time zone v_time_zone)::date
            end,
            0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0,
            count(*)
        from trustcart.crm_call_attempts as a
        where
            a.attempted_at >= v_begins and a.attempted_at < v_ends
            and (p_agent_id is null or a.agent_id = p_agent_id)
        group by 1, 2
    ) as x
    group by x.agent_id, x.period_start;
end;
$$;

--
-- Name: FUNCTION agent_figures(p_from date, p_to date, p_period text, p_agent_id bigint); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.agent_figures(p_from date, p_to date, p_period text, p_agent_id bigint) IS 'What was done from p_from to p_to, counted by agent and, if p_period is day, week or month, by the periods'' first
day: the one count behind the team''s views. Tasks are those dated in the period, by what became of them; interactions
and attempts those made in it, in the business time zone. call_duration is the time of the timed_calls that were
started and completed. Only who did something has a row; agent_id null is what nobody owned. TC001 and TC005 for the
dates, TC002 for the period.';

--
-- Name: agent_leaderboard(date, date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.agent_leaderboard(p_from date, p_to date) RETURNS TABLE(place bigint, agent_name text, successful_calls bigint, completed_tasks bigint, total_tasks bigint, completion_rate numeric, success_rate numeric, converted_customers bigint, orders bigint, revenue numeric, agent_id bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
    -- Null would be taken for the month so far.
    perform trustcart.check_period(p_from, p_to);
    return query
    select
        rank() over (order by p.successful_calls desc),
        p.agent_name,
        p.successful_calls,
        p.completed_tasks,
        p.total_tasks,
        p.completion_rate,
        p.success_rate,
        c.converted_customers,
        c.orders,
        c.revenue,
        p.agent_id
    from trustcart.agent_performance(null, p_from, p_to) as p
    inner join trustcart.users as u on p.agent_id = u.id
    inner join trustcart.call_conversions(p_from, p_to) as c on p.agent_id = c.agent_id
    where u.is_active or p.total_tasks > 0 or c.calls > 0
    order by 1, p.completed_tasks desc, c.revenue desc, p.agent_id;
end;
$$;

--
-- Name: FUNCTION agent_leaderboard(p_from date, p_to date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.agent_leaderboard(p_from date, p_to date) IS 'The agents by their successful calls in a period; as many calls, the same place. Rates as in agent_performance(),
orders and revenue as in call_conversions() within 7 days. Agents who left are listed for the time they worked. TC001
and TC005 for the dates.';

--
-- Name: agent_performance(bigint, date, date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.agent_performance(p_agent_id bigint DEFAULT NULL::bigint, p_from date DEFAULT NULL::date, p_to date DEFAULT trustcart.business_date()) RETURNS TABLE(agent_id bigint, agent_name text, total_tasks bigint, completed_tasks bigint, successful_calls bigint, completion_rate numeric, success_rate numeric, avg_call_duration numeric, total_interactions bigint, attempts bigint, pending bigint, skipped bigint, expired bigint, cancelled bigint, carried bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_to date := coalesce(p_to, trustcart.business_date());
    v_from date := coalesce(p_from, date_trunc('month', v_to::timestamp)::date);
begin
    perform trustcart.check_period(v_from, v_to);
    if p_agent_id is not null and not exists (
        select from trustcart.users as u where u.id = p_agent_id and u.role = 'crm_agent'
    ) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Agents are the users with role crm_agent; without an id all of them are listed.';
    end if;

    return query
    select
        u.id,
        u.name,
        coalesce(f.total_tasks, 0),
        coalesce(f.completed_tasks, 0),
        coalesce(f.successful_calls, 0),
        coalesce(round(f.completed_tasks * 100.0 / nullif(f.total_tasks, 0), 2), 0),
        coalesce(round(f.successful_calls * 100.0 / nullif(f.completed_tasks, 0), 2), 0),
        round(extract(epoch from f.call_duration / nullif(f.timed_calls, 0)) / 60, 2),
        coalesce(f.total_interactions, 0),
        coalesce(f.attempts, 0),
        coalesce(f.pending, 0),
        coalesce(f.skipped, 0),
        coalesce(f.expired, 0),
        coalesce(f.cancelled, 0),
        coalesce(f.carried, 0)
    from trustcart.users as u
    left join trustcart.agent_figures(v_from, v_to, null, p_agent_id) as f on u.id = f.agent_id
    where u.role = 'crm_agent' and (p_agent_id is null or u.id = p_agent_id)
    order by coalesce(f.successful_calls, 0) desc, coalesce(f.completed_tasks, 0) desc, u.id;
end;
$$;

--
-- Name: FUNCTION agent_performance(p_agent_id bigint, p_from date, p_to date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.agent_performance(p_agent_id bigint, p_from date, p_to date) IS 'The figures of an agent, or of all agents, for the tasks dated p_from to p_to (default: the month of p_to so far),
the most successful first: completion_rate is completed of all tasks, success_rate successful of completed ones, in
percent, 0 of none; avg_call_duration in minutes, null when no call was timed; total_interactions and attempts are
those made in the period. TC001 date, TC004 no such agent, TC005 period that ends before it begins (guide: "Agent
Performance").';

--
-- Name: agent_performance_by_period(text, date, date, bigint); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.agent_performance_by_period(p_period text, p_from date, p_to date, p_agent_id bigint DEFAULT NULL::bigint) RETURNS TABLE(period_start date, period_end date, agent_id bigint, agent_name text, total_tasks bigint, completed_tasks bigint, successful_calls bigint, completion_rate numeric, success_rate numeric, avg_call_duration numeric, total_interactions bigint, attempts bigint, total_tasks_change bigint, completed_tasks_change bigint, successful_calls_change bigint, completion_rate_change numeric, success_rate_change numeric)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_step interval;
    v_from timestamp;
    v_to timestamp;
begin
    perform trustcart.check_period(p_from, p_to);
    if (p_period in ('day', 'week', 'month')) is not true then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a period', p_period),
            hint = 'Known are day, week (Monday to Sunday) and month.';
    end if;
    if p_agent_id is not null and not exists (
        select from trustcart.users as u where u.id = p_agent_id and u.role = 'crm_agent'
    ) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Agents are the users with role crm_agent; without an id all of them are listed.';
    end if;
    v_step := ('1 ' || p_period)::interval;
    v_from := date_trunc(p_period, p_from::timestamp);
    v_to := date_trunc(p_period, p_to::timestamp) + v_step - interval '1 day';

    return query
    with figures as (
        select
            g.period_start::date as period_start,
            (g.period_start + v_step)::date - 1 as period_end,
            u.id as agent_id,
            u.name as agent_name,
            coalesce(f.total_tasks, 0) as total_tasks,
            coalesce(f.completed_tasks, 0) as completed_tasks,
            coalesce(f.successful_calls, 0) as successful_calls,
            round(f.completed_tasks * 100.0 / nullif(f.total_tasks, 0), 2) as completion_rate,
            round(f.successful_calls * 100.0 / nullif(f.completed_tasks, 0), 2) as success_rate,
            round(extract(epoch from f.call_duration / nullif(f.timed_calls, 0)) / 60, 2) as avg_call_duration,
            coalesce(f.total_interactions, 0) as total_interactions,
            coalesce(f.attempts, 0) as attempts
        from trustcart.users as u
        cross join generate_series(v_from - v_step, v_to, v_step) as g (period_start)
        left join
            trustcart.agent_figures(
                greatest((v_from - v_step)::date, '1900-01-01'), least(v_to::date, '2199-12-31'), p_period, p_agent_id
            ) as f
            on u.id = f.agent_id and g.period_start::date = f.period_start
        where u.role = 'crm_agent' and (p_agent_id is null or u.id = p_agent_id)
    ),

    compared as (
        select
            f.*,
            f.total_tasks - lag(f.total_tasks) over w as total_tasks_change,
            f.completed_tasks - lag(f.completed_tasks) over w as completed_tasks_change,
            f.successful_calls - lag(f.successful_calls) over w as successful_calls_change,
            f.completion_rate - lag(f.completion_rate) over w as completion_rate_change,
            f.success_rate - lag(f.success_rate) over w as success_rate_change
        from figures as f
        window w as (partition by f.agent_id order by f.period_start)
    )

    select
        c.period_start,
        c.period_end,
        c.agent_id,
        c.agent_name,
        c.total_tasks,
        c.completed_tasks,
        c.successful_calls,
        coalesce(c.completion_rate, 0),
        coalesce(c.success_rate, 0),
        c.avg_call_duration,
        c.total_interactions,
        c.attempts,
        c.total_tasks_change,
        c.completed_tasks_change,
        c.successful_calls_change,
        c.completion_rate_change,
        c.success_rate_change
    from compared as c
    where c.period_start >= v_from::date
    order by c.period_start, c.agent_name, c.agent_id;
end;
$$;

--
-- Name: FUNCTION agent_performance_by_period(p_period text, p_from date, p_to date, p_agent_id bigint); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.agent_performance_by_period(p_period text, p_from date, p_to date, p_agent_id bigint) IS 'The figures of agent_performance() by day, week (Monday to Sunday) or calendar month, a row for each period and
agent, zeros included, with the change against the period before: in number, and in percentage points (null where
either had nothing to take a rate of). Periods are whole: the ones that p_from and p_to fall in begin and end it.
TC001 and TC005 for the dates, TC002 for the period, TC004 no such agent.';

--
-- Name: attempt_job(text, date, text, text, text, text); Type: PROCEDURE; Schema: trustcart; Owner: -
--

CREATE PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text DEFAULT NULL::text, INOUT p_sqlstate text DEFAULT NULL::text, INOUT p_message text DEFAULT NULL::text, INOUT p_hint text DEFAULT NULL::text)
    LANGUAGE plpgsql
    AS $_$
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
$_$;

--
-- Name: PROCEDURE attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text) IS 'Runs one job for a business date under an advisory lock and says how it ended: p_status succeeded, failed (with
p_sqlstate, p_message, p_hint) or running (somebody else''s run holds the lock). Its row in job_runs is committed before
the job begins, so that a killed run leaves it; the job commits together with its result. run_job() and run_due_jobs()
are made of it. Errors: TC001, TC002 (no such job).';

--
-- Name: backtest_call_plan(date, date, jsonb); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.backtest_call_plan(p_from date, p_to date, p_overrides jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(scope text, key text, calls bigint, customers bigint, dropped bigint, calls_observed bigint, calls_ordered bigint, share_called numeric, dropped_observed bigint, dropped_ordered bigint, share_dropped numeric, agent_days bigint, capacity bigint, avg_calls_per_agent_day numeric, max_calls_per_agent_day bigint)
    LANGUAGE plpgsql SECURITY DEFINER ROWS 500
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    AS $$
#variable_conflict use_column
declare
    v_simulation bigint := pg_current_xact_id()::text::bigint;
    v_rules record;
    v_settings trustcart.settings;
    v_types trustcart.call_task_types[];
    v_day date;
    v_orders_until date;
begin
    perform trustcart_private.require_date(p_from);
    perform trustcart_private.require_date(p_to);
    if p_to < p_from or p_to - p_from >= 3660 then
        raise exception using
            errcode = 'TC005',
            message = format('from %s to %s is no period to replay', p_from, p_to),
            hint = 'Give the first and the last day, at most 3660 days.';
    end if;
    v_rules := trustcart_private.simulated_rules(p_overrides);
    v_settings := v_rules.p_settings;
    v_types := v_rules.p_types;
    -- How far the orders are known: to the last one, and of today not all yet.
    select least(max(o.order_date), trustcart.business_date() - 1) into v_orders_until
    from trustcart.sales_orders as o
    where o.status in (select s.status from trustcart.order_statuses as s where s.counts);

    -- Who waited for a place when the period began, goes on waiting.
    insert into trustcart_private.simulated_candidates (simulation, customer_id, waiting_since)
    select
        v_simulation,
        l.customer_id,
        min(l.waiting_since)
    from trustcart.call_waiting_list as l
    where l.waiting_since < p_from and (l.ended_on >= p_from) is not false
    group by l.customer_id;

    for v_day in select p_from + g.n from generate_series(0, p_to - p_from) as g (n) loop
        with planned as materialized (
            select
                p.customer_id,
                p.task_type,
                p.agent_id,
                p.decision = 'kept' as is_kept,
                case when p.decision <> 'kept' then trustcart.drop_reason(p.why, p.task_type) end as reason
            from trustcart_private.call_plan(v_day, v_settings, v_types, p_from, v_simulation) as p
        ),

        made as (
            insert into trustcart_private.simulated_calls (simulation, customer_id, called_on, agent_id, task_type)
            select
                v_simulation,
                p.customer_id,
                v_day,
                p.agent_id,
                p.task_type
            from planned as p
            where p.is_kept
        ),

        counted as (
            insert into trustcart_private.simulated_drops (
                simulation, dropped_on, task_type, reason, customers, ordered
            )
            select
                v_simulation,
                v_day,
                p.task_type,
                p.reason,
                count(*),
                count(*) filter (
                    where exists (
                        select from trustcart.sales_orders as o
                        where
                            o.customer_id = p.customer_id
                            and o.order_date > v_day
                            and o.order_date <= v_day + 30
                            and o.status in (select s.status from trustcart.order_statuses as s where s.counts)
                    )
                )
            from planned as p
            where not p.is_kept
            group by p.task_type, p.reason
        ),

        met as (
            insert into trustcart_private.simulated_candidates as c (
                simulation, customer_id, dropped_on, waiting_since
            )
            select
                v_simulation,
                p.customer_id,
                v_day,
                case when p.reason = 'no capacity' then v_day end
            from planned as p
            where not p.is_kept
            on conflict (simulation, customer_id) do update
            set
                dropped_on = coalesce(c.dropped_on, excluded.dropped_on),
                waiting_since = case
                    when excluded.waiting_since is not null then coalesce(c.waiting_since, excluded.waiting_since)
                end
            where
                c.dropped_on is null
                or (c.waiting_since is null) <> (excluded.waiting_since is null)
        )

        update trustcart_private.simulated_candidates as c
        set waiting_since = null
        where
            c.simulation = v_simulation
            and c.waiting_since is not null
            and not exists (select from planned as p where p.customer_id = c.customer_id and not p.is_kept);
    end loop;

    return query
    with calls as materialized (
        select
            c.*,
            c.called_on + 30 <= v_orders_until as is_observed,
            c.called_on + 30 <= v_orders_until and exists (
                select from trustcart.sales_orders as o
                where
                    o.customer_id = c.customer_id
                    and o.order_date > c.called_on
                    and o.order_date <= c.called_on + 30
                    and o.status in (select s.status from trustcart.order_statuses as s where s.counts)
            ) as is_ordered
        from trustcart_private.simulated_calls as c
        where c.simulation = v_simulation
    ),

    drops as materialized (
        select
            d.*,
            d.dropped_on + 30 <= v_orders_until as is_observed
        from trustcart_private.simulated_drops as d
        where d.simulation = v_simulation
    ),

    -- The days agents were there, and what each was given.
    agent_days as materialized (
        select
            a.agent_id,
            p_from + g.n as work_date,
            a.max_calls,
            coalesce(c.calls, 0) as calls
        from generate_series(0, p_to - p_from) as g (n)
        cross join lateral trustcart_private.agent_capacity(
            p_from + g.n, p_calls_per_agent_day => v_settings.calls_per_agent_day
        ) as a
        left join (
            select
                s.agent_id,
                s.called_on,
                count(*) as calls
            from calls as s
            group by s.agent_id, s.called_on
        ) as c on a.agent_id = c.agent_id and c.called_on = p_from + g.n
        where a.absence is null
    ),

    called as (
        select
            g.scope,
            g.key,
            count(*) as calls,
            count(distinct c.customer_id) as customers,
            count(*) filter (where c.is_observed) as observed,
            count(*) filter (where c.is_ordered) as ordered
        from calls as c
        cross join lateral (
            values
            ('total', 'total'), ('month', to_char(c.called_on, 'YYYY-MM')), ('day', c.called_on::text),
            ('agent', coalesce(c.agent_id::text, 'unassigned')), ('reason', c.task_type)
        ) as g (scope, key)
        group by g.scope, g.key
        union all
        -- A customer once: by the first call.
        select
            'customer',
            'called',
            count(*),
            count(*),
            count(*) filter (where f.is_observed),
            count(*) filter (where f.is_ordered)
        from (
            select distinct on (c.customer_id)
                c.is_observed,
                c.is_ordered
            from calls as c
            order by c.customer_id, c.called_on
        ) as f
    ),

    not_called as (
        select
            g.scope,
            g.key,
            sum(d.customers)::bigint as dropped,
            coalesce(sum(d.customers) filter (where d.is_observed), 0)::bigint as observed,
            coalesce(sum(d.ordered) filter (where d.is_observed), 0)::bigint as ordered
        from drops as d
        cross join lateral (
            values
            ('total', 'total'), ('month', to_char(d.dropped_on, 'YYYY-MM')), ('day', d.dropped_on::text),
            ('reason', d.task_type), ('drop', d.reason)
        ) as g (scope, key)
        group by g.scope, g.key
        union all
        -- By the first day on which they might have been.
        select
            'customer',
            'never called',
            count(*),
            count(*) filter (where f.is_observed),
            count(*) filter (where f.is_observed and f.is_ordered)
        from (
            select
                d.dropped_on + 30 <= v_orders_until as is_observed,
                exists (
                    select from trustcart.sales_orders as o
                    where
                        o.customer_id = d.customer_id
                        and o.order_date > d.dropped_on
                        and o.order_date <= d.dropped_on + 30
                        and o.status in (select s.status from trustcart.order_statuses as s where s.counts)
                ) as is_ordered
            from trustcart_private.simulated_candidates as d
            where
                d.simulation = v_simulation
                and d.dropped_on is not null
                and not exists (select from calls as c where c.customer_id = d.customer_id)
        ) as f
    ),

    worked as (
        select
            g.scope,
            g.key,
            count(*) as agent_days,
            sum(a.max_calls)::bigint as capacity,
            round(avg(a.calls), 2) as avg_calls,
            max(a.calls) as max_calls
        from agent_days as a
        cross join lateral (
            values
            ('total', 'total'), ('month', to_char(a.work_date, 'YYYY-MM')), ('day', a.work_date::text),
            ('agent', a.agent_id::text)
        ) as g (scope, key)
        group by g.scope, g.key
    ),

    -- What there is a row of, whether or not anything happened.
    rows_there as (
        select
            'total' as scope,
            'total' as key
        union
        select
            'day',
            (p_from + g.n)::text
        from generate_series(0, p_to - p_from) as g (n)
        union
        select
            'month',
            to_char(p_from + g.n, 'YYYY-MM')
        from generate_series(0, p_to - p_from) as g (n)
        union
        select c.scope, c.key from called as c
        union
        select n.scope, n.key from not_called as n
        union
        select w.scope, w.key from worked as w
    )

    select
        r.scope,
        r.key,
        coalesce(c.calls, 0),
        coalesce(c.customers, 0),
        coalesce(n.dropped, 0),
        coalesce(c.observed, 0),
        coalesce(c.ordered, 0),
        round(c.ordered * 100.0 / nullif(c.observed, 0), 2),
        coalesce(n.observed, 0),
        coalesce(n.ordered, 0),
        round(n.ordered * 100.0 / nullif(n.observed, 0), 2),
        w.agent_days,
        w.capacity,
        w.avg_calls,
        w.max_calls
    from rows_there as r
    left join called as c on r.scope = c.scope and r.key = c.key
    left join not_called as n on r.scope = n.scope and r.key = n.key
    left join worked as w on r.scope = w.scope and r.key = w.key
    order by
        array_position(array['total', 'customer', 'month', 'day', 'agent', 'reason', 'drop'], r.scope),
        case when r.scope = 'agent' and r.key <> 'unassigned' then r.key::bigint end,
        case when r.scope = 'drop' then -n.dropped end,
        r.key;

    delete from trustcart_private.simulated_calls as c where c.simulation = v_simulation;
    delete from trustcart_private.simulated_drops as d where d.simulation = v_simulation;
    delete from trustcart_private.simulated_candidates as c where c.simulation = v_simulation;
end;
$$;

--
-- Name: FUNCTION backtest_call_plan(p_from date, p_to date, p_overrides jsonb); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.backtest_call_plan(p_from date, p_to date, p_overrides jsonb) IS 'Replays a period day by day under changed settings: the plan of each day is made from what was known then, contacts
before p_from, and its kept calls taken as made. p_overrides {"settings": {"calls_per_agent_day": 50},
"call_task_types": {"at_risk": {"max_calls": 3}}}. A row a scope and key: total; customer (called, never called: each
once, by the first call, else the first day dropped); month; day; agent (id, or unassigned); reason (task_type); drop
(drop_reason()). calls, and customers called; dropped: days on which a candidate was not called, a customer on several
days counts on each. *_observed: of them, those whose 30 following days lie before today and not after the last order;
*_ordered: of these, followed by a counted order on one of the 30 days after; share_called and share_dropped: the same in
percent, null of none. agent_days: days on which agents worked, capacity: calls they could have been given,
avg_ and max_calls_per_agent_day. Agents, their hours, consents and preferences are the real ones; no call is carried
over. Writes nothing that stays. TC001 dates, TC002, TC005, TC203 overrides, TC005 p_to before p_from or 3660 days after.';

--
-- Name: call_conversions(date, date, integer); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.call_conversions(p_from date, p_to date, p_days integer DEFAULT 7) RETURNS TABLE(agent_id bigint, agent_name text, calls bigint, customers_called bigint, converted_customers bigint, orders bigint, revenue numeric, conversion_rate numeric)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
begin
    perform trustcart.check_period(p_from, p_to);
    if (p_days between 0 and 3650) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('%s is not a number of days', coalesce(p_days::text, 'null')),
            hint = 'Give 0 for orders on the day of the call alone, or up to 3650 days after it.';
    end if;

    return query
    with calls as (
        select
            t.id,
            t.customer_id,
            t.assigned_agent_id as agent_id,
            (t.completed_at at time zone v_time_zone)::date as called_on
        from trustcart.crm_call_tasks as t
        where
            t.status = 'completed'
            and t.completed_at >= p_from::timestamp at time zone v_time_zone
            and t.completed_at < (p_to + 1)::timestamp at time zone v_time_zone
    ),

    -- Each order once: it belongs to the customer's latest completed call at or before it, whoever made that, also when
    -- it is a call of after the period, which then takes it away from one within.
    won as (
        select
            k.agent_id,
            o.customer_id,
            o.total_amount
        from trustcart.sales_orders as o
        inner join trustcart.order_statuses as s on o.status = s.status and s.counts
        cross join lateral (
            select t.id
            from trustcart.crm_call_tasks as t
            where
                t.customer_id = o.customer_id
                and t.status = 'completed'
                and t.completed_at < (o.order_date + 1)::timestamp at time zone v_time_zone
                -- An order of the day of the call, if its hour is known, may have been there before it.
                and (
                    o.ordered_at is null
                    or t.completed_at <= o.ordered_at
                    or t.completed_at < o.order_date::timestamp at time zone v_time_zone
                )
            order by t.completed_at desc, t.id desc
            limit 1
        ) as latest
        inner join calls as k on latest.id = k.id
        where o.order_date between p_from and p_to + p_days and o.order_date <= k.called_on + p_days
    ),

    called as (
        select
            k.agent_id,
            count(*) as calls,
            count(distinct k.customer_id) as customers_called
        from calls as k
        group by k.agent_id
    ),

    converted as (
        select
            w.agent_id,
            count(distinct w.customer_id) as converted_customers,
            count(*) as orders,
            sum(w.total_amount) as revenue
        from won as w
        group by w.agent_id
    ),

    agents as (
        select
            u.id as agent_id,
            u.name
        from trustcart.users as u
        where u.role = 'crm_agent' or u.id in (select x.agent_id from called as x)
        union all
        select
            null,
            null
        where exists (select from called as x where x.agent_id is null)
    )

    select
        a.agent_id,
        a.name,
        coalesce(x.calls, 0),
        coalesce(x.customers_called, 0),
        coalesce(v.converted_customers, 0),
        coalesce(v.orders, 0),
        coalesce(v.revenue, 0),
        coalesce(round(v.converted_customers * 100.0 / nullif(x.customers_called, 0), 2), 0)
    from agents as a
    left join called as x on a.agent_id is not distinct from x.agent_id
    left join converted as v on a.agent_id is not distinct from v.agent_id
    order by coalesce(v.revenue, 0) desc, coalesce(v.orders, 0) desc, coalesce(x.calls, 0) desc, a.agent_id;
end;
$$;

--
-- Name: FUNCTION call_conversions(p_from date, p_to date, p_days integer); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.call_conversions(p_from date, p_to date, p_days integer) IS 'What calls led to, by agent: the tasks completed from p_from to p_to (by the business date of completed_at), the
customers called, and the counted orders, in taka, from the day of the call to p_days after it. An order belongs to
the customer''s latest completed call at or before it and to no other, so orders and revenue may be added up over
agents and over periods; a customer whom two agents called counts for both. conversion_rate is converted of called
customers, in percent, 0 of none. agent_id null: calls that nobody owned. TC001 and TC005 for the dates, TC005 for the
days.';

--
-- Name: call_script(bigint, date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.call_script(p_task_id bigint, p_as_of date DEFAULT trustcart.business_date()) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_script jsonb;
begin
    if p_task_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'task_id is required',
            hint = 'Take the id from the day''s list of calls.';
    end if;
    select s.script
    into v_script
    from trustcart.call_scripts_of(array[p_task_id], p_as_of) as s;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no call task %s', p_task_id),
            hint = 'Take the id from the day''s list of calls.';
    end if;
    return v_script;
end;
$$;

--
-- Name: FUNCTION call_script(p_task_id bigint, p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.call_script(p_task_id bigint, p_as_of date) IS 'What the agent needs for a call: task_id; title, focus, offer, dos and donts of the first of call_scripts that fits
the task and the customer; recommended_action; reasons of the task; and greeting: name, customer_type,
lifecycle_stage, lifetime_value (taka), order_count, last_order (date, amount, items), days_since_last_order,
preferred_categories, events of the customer and family from p_as_of to 7 days later (event_type, name, relationship,
event_date), last_contact (date, channel, outcome, notes), preferred_hours (from, until, time_zone) and language as
wished. The last order and contact are those up to p_as_of. TC001 date, TC003 without id, TC004 no such task (guide:
"Customer Interaction Guidelines", "Segmentation Strategy").';

--
-- Name: call_scripts_of(bigint[], date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.call_scripts_of(p_task_ids bigint[], p_as_of date DEFAULT trustcart.business_date()) RETURNS TABLE(task_id bigint, script jsonb)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    SET max_parallel_workers_per_gather TO '0'
    AS $$
#variable_conflict use_column
begin
    if (p_as_of >= '1900-01-01' and p_as_of < '2200-01-01') is not true then
        raise exception using
            errcode = 'TC001',
            message = format('%s is not a business date', coalesce(p_as_of::text, 'null')),
            hint = 'Give a date between 1900-01-01 and 2199-12-31, as YYYY-MM-DD.';
    end if;

    return query
    with wanted as (
        select distinct w.task_id
        from unnest(p_task_ids) as w (task_id)
    ),

    -- The days of the week to come; 29 February falls on 28 February in the years that have none.
    days as (
        select
            (extract(month from d.event_date) * 100 + extract(day from d.event_date))::smallint as month_day,
            d.event_date
        from (select p_as_of + g.n as event_date from generate_series(0, 7) as g (n)) as d
        union all
        select
            229,
            d.event_date
        from (select p_as_of + g.n as event_date from generate_series(0, 7) as g (n)) as d
        where extract(month from d.event_date) = 2 and extract(day from d.event_date) = 28
            and extract(month from d.event_date + 1) = 3
    )

    select
        t.id,
        jsonb_build_object(
            'task_id', t.id,
            'title', q.title,
            'focus', q.focus,
            'offer', q.offer,
            'dos', to_jsonb(q.dos),
            'donts', to_jsonb(q.donts),
            'recommended_action', trustcart.recommended_action_of(c.lifecycle_stage, c.customer_type),
            'reasons', t.reasons,
            'greeting', jsonb_build_object(
                'name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                'customer_type', c.customer_type,
                'lifecycle_stage', c.lifecycle_stage,
                'lifetime_value', trim_scale(c.total_spend),
                'order_count', c.order_count,
                'last_order', o.last_order,
                'days_since_last_order', p_as_of - o.order_date,
                'preferred_categories', to_jsonb(coalesce(b.preferred_categories, '{}')),
                'events', e.events,
                'last_contact', x.last_contact,
                'preferred_hours', case
                    when p.preferred_from is not null then jsonb_build_object(
                        'from', to_char(p.preferred_from, 'HH24:MI'),
                        'until', to_char(p.preferred_until, 'HH24:MI'),
                        'time_zone', coalesce(p.time_zone, s.time_zone)
                    )
                end,
                'language', p.language
            )
        )
    from wanted as w
    inner join trustcart.crm_call_tasks as t on w.task_id = t.id
    inner join trustcart.customers as c on t.customer_id = c.id
    cross join trustcart.settings as s
    left join trustcart.customer_behavior as b on c.id = b.customer_id
    left join trustcart.customer_contact_preferences as p on c.id = p.customer_id
    left join lateral (
        select r.*
        from trustcart.call_scripts as r
        where
            (r.task_type is null or r.task_type = t.task_type)
            and (r.customer_type is null or r.customer_type = c.customer_type)
        order by r.rank
        limit 1
    ) as q on true
    left join lateral (
        select
            l.order_date,
            jsonb_build_object(
                'date', l.order_date,
                'amount', trim_scale(l.total_amount),
                'items', coalesce(
                    (
                        select jsonb_agg(n.name order by n.id)
                        from (
                            select
                                coalesce(i.product_name, d.name) as name,
                                min(i.id) as id
                            from trustcart.sales_order_items as i
                            left join trustcart.products as d on i.product_id = d.id
                            where i.order_id = l.id and coalesce(i.product_name, d.name) is not null
                            group by 1
                        ) as n
                    ),
                    '[]'
                )
            ) as last_order
        from (
            select
                so.id,
                so.order_date,
                so.total_amount
            from trustcart.sales_orders as so
            inner join trustcart.order_statuses as os on so.status = os.status
            where so.customer_id = c.id and so.order_date <= p_as_of and os.counts
            order by so.order_date desc, so.ordered_at desc nulls last, so.id desc
            limit 1
        ) as l
    ) as o on true
    cross join lateral (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'event_type', case when v.family_member_id is null then v.kind else 'family_' || v.kind end,
                        'name', case
                            when v.family_member_id is null then nullif(concat_ws(' ', c.first_name, c.last_name), '')
                            else f.name
                        end,
                        'relationship', f.relationship,
                        'event_date', d.event_date
                    )
                    order by d.event_date, v.family_member_id nulls first, v.kind
                ),
                '[]'
            ) as events
        from trustcart.customer_event_days as v
        inner join days as d on v.month_day = d.month_day
        left join trustcart.customer_family_members as f on v.family_member_id = f.id
        where v.customer_id = c.id and v.occurred_on <= p_as_of
    ) as e
    left join lateral (
        select
            jsonb_build_object(
                'date', (u.contacted_at at time zone s.time_zone)::date,
                'channel', u.channel,
                'outcome', u.outcome,
                'notes', u.notes
            ) as last_contact
        from (
            (
                select
                    ci.interaction_date as contacted_at,
                    ci.interaction_type as channel,
                    ci.outcome,
                    ci.details as notes,
                    1 as source
                from trustcart.customer_interactions as ci
                where
                    ci.customer_id = c.id
                    and ci.interaction_date < (p_as_of + 1)::timestamp at time zone s.time_zone
                order by ci.interaction_date desc, ci.id desc
                limit 1
            )
            union all
            (
                select
                    a.attempted_at,
                    'call',
                    a.outcome,
                    a.notes,
                    2
                from trustcart.crm_call_attempts as a
                where
                    a.customer_id = c.id
                    and a.attempted_at < (p_as_of + 1)::timestamp at time zone s.time_zone
                order by a.attempted_at desc, a.id desc
                limit 1
            )
        ) as u
        -- A completed call stands in both: the interaction goes first.
        order by u.contacted_at desc, u.source
        limit 1
    ) as x on true;
end;
$$;

--
-- Name: FUNCTION call_scripts_of(p_task_ids bigint[], p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.call_scripts_of(p_task_ids bigint[], p_as_of date) IS 'What the agent needs for each of a list of tasks, as call_script() gives it for one; an unknown id has no row.
TC001.';

--
-- Name: cancel_agent_leave(bigint); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.cancel_agent_leave(p_leave_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if p_leave_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'leave_id is required',
            hint = 'Give the id that add_agent_leave() returned.';
    end if;
    delete from trustcart.agent_leave as l where l.id = p_leave_id;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no leave %s', p_leave_id),
            hint = 'Take the id from trustcart.agent_leave.';
    end if;
end;
$$;

--
-- Name: FUNCTION cancel_agent_leave(p_leave_id bigint); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.cancel_agent_leave(p_leave_id bigint) IS 'Removes leave of an agent, who can be given calls of those days again; calls that went to others stay with them. TC003
without an id, TC004 no such leave.';

--
-- Name: check_agent_days(); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.check_agent_days() RETURNS TABLE(agent_id bigint, work_date date, calls integer, counted integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
    return query
    select
        coalesce(d.agent_id, t.agent_id),
        coalesce(d.work_date, t.work_date),
        coalesce(d.calls, 0),
        coalesce(t.counted, 0)
    from trustcart.agent_days as d
    full join (
        select
            c.assigned_agent_id as agent_id,
            c.task_date as work_date,
            count(*)::integer as counted
        from trustcart.crm_call_tasks as c
        where c.assigned_agent_id is not null and c.status not in ('skipped', 'cancelled')
        group by c.assigned_agent_id, c.task_date
    ) as t
        on d.agent_id = t.agent_id and d.work_date = t.work_date
    where coalesce(d.calls, 0) <> coalesce(t.counted, 0)
    order by 1, 2;
end;
$$;

--
-- Name: FUNCTION check_agent_days(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.check_agent_days() IS 'Days of agents whose calls in agent_days are not those counted in crm_call_tasks. No rows is right; a row is a bug, or
a table written with its triggers off.';

--
-- Name: check_contact(bigint, timestamp with time zone); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.check_contact(p_customer_id bigint, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(reason text, sqlstate text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_settings trustcart.settings;
    v_date date;
    v_hours tstzmultirange;
begin
    select s.* into v_settings from trustcart.settings as s;
    v_date := (p_at at time zone v_settings.time_zone)::date;
    if not exists (select from trustcart.customers as c where c.id = p_customer_id and c.is_active) then
        perform trustcart_private.require_customer(p_customer_id);
        return query values ('the customer is inactive', 'TC202');
    end if;
    return query
    select
        b.reason,
        'TC208'
    from trustcart_private.contact_blocks(
        -- What was recorded at the instant itself is known.
        v_date, p_at + interval '1 microsecond', v_date + 1, null, v_settings, p_customer_id
    ) as b
    where b.customer_id = p_customer_id;

    select trustcart_private.call_hours(v_date, p.preferred_from, p.preferred_until, p.time_zone, v_settings)
    into v_hours
    from trustcart.customer_contact_preferences as p
    where p.customer_id = p_customer_id;
    if not found and v_settings.quiet_from is not null then
        v_hours := trustcart_private.call_hours(v_date, null, null, null, v_settings);
    end if;
    if not v_hours @> p_at then
        return query
        select
            case
                when isempty(v_hours) then 'no hour of the day to call at'
                else 'to be called '
                    || (
                        select string_agg(
                            to_char(lower(h.stretch) at time zone v_settings.time_zone, 'HH24:MI') || '–'
                            || to_char(upper(h.stretch) at time zone v_settings.time_zone, 'HH24:MI'),
                            ' and ' order by lower(h.stretch)
                        )
                        from unnest(v_hours) as h (stretch)
                    )
                    || ' only'
            end,
            'TC209';
    end if;
end;
$$;

--
-- Name: FUNCTION check_contact(p_customer_id bigint, p_at timestamp with time zone); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.check_contact(p_customer_id bigint, p_at timestamp with time zone) IS 'What speaks against calling a customer at an instant, a row a reason, none when nothing does: with sqlstate TC202 when
the customer is inactive, TC208 for the day (do not call, wrong number, contacted often enough, a pause), TC209 for the
hour (quiet or preferred hours, told in the business time zone). Asked again at the moment of every call; the plan asks
the same. TC003 without a customer, TC004 when there is none.';

--
-- Name: avg_days_between_orders_of(integer, date, date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.avg_days_between_orders_of(p_order_count integer, p_first_order_date date, p_last_order_date date) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_order_count > 1) THEN (round((((p_last_order_date - p_first_order_date))::numeric / ((p_order_count - 1))::numeric)))::integer
             ELSE NULL::integer
         END AS avg_days_between_orders;
END;

--
-- Name: FUNCTION avg_days_between_orders_of(p_order_count integer, p_first_order_date date, p_last_order_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.avg_days_between_orders_of(p_order_count integer, p_first_order_date date, p_last_order_date date) IS 'Mean days between consecutive counted orders; null below two orders.';

--
-- Name: avg_order_value_of(integer, numeric); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.avg_order_value_of(p_order_count integer, p_total_spend numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_order_count > 0) THEN round((p_total_spend / (p_order_count)::numeric), 2)
             ELSE NULL::numeric
         END AS avg_order_value;
END;

--
-- Name: FUNCTION avg_order_value_of(p_order_count integer, p_total_spend numeric); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.avg_order_value_of(p_order_count integer, p_total_spend numeric) IS 'Mean amount of a counted order, in taka; null without an order.';

--
-- Name: contact_differences(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.contact_differences() RETURNS TABLE(customer_id bigint, figure text, maintained text, recomputed text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return query
    with contacts as (
        select
            x.customer_id,
            (x.contacted_at at time zone s.time_zone)::date as contacted_on,
            x.channel,
            count(*) as contacts
        from (
            select
                i.customer_id,
                i.interaction_date as contacted_at,
                i.interaction_type as channel
            from trustcart.customer_interactions as i
            where i.direction = 'outbound'
            union all
            select
                a.customer_id,
                a.attempted_at,
                'call'
            from trustcart.crm_call_attempts as a
        ) as x
        cross join trustcart.settings as s
        group by x.customer_id, 2, x.channel
    ),

    numbers as (
        select
            c.id as customer_id,
            k.family_member_id,
            k.kind,
            k.phone_e164
        from trustcart.customers as c
        cross join lateral (
            values (null::bigint, 'phone', c.phone_e164), (null, 'mobile', c.mobile_e164)
        ) as k (family_member_id, kind, phone_e164)
        where k.phone_e164 is not null
        union all
        select
            f.customer_id,
            f.id,
            'phone',
            f.phone_e164
        from trustcart.customer_family_members as f
        where f.phone_e164 is not null
    )

    select
        coalesce(d.customer_id, n.customer_id),
        format(
            'contacts by %s on %s', coalesce(d.channel, n.channel), coalesce(d.contacted_on, n.contacted_on)
        ),
        d.contacts::text,
        coalesce(n.contacts, 0)::text
    from contacts as n
    full join trustcart_private.contact_days as d
        on n.customer_id = d.customer_id and n.contacted_on = d.contacted_on and n.channel = d.channel
    where coalesce(d.contacts, 0) <> coalesce(n.contacts, 0)
    union all
    select
        coalesce(b.customer_id, n.customer_id),
        coalesce(b.kind, n.kind)
        || coalesce(' of family member ' || coalesce(b.family_member_id, n.family_member_id)::text, '')
        || ' in phone_book',
        b.phone_e164,
        n.phone_e164
    from numbers as n
    full join trustcart_private.phone_book as b
        on
            n.customer_id = b.customer_id
            and coalesce(n.family_member_id, 0) = coalesce(b.family_member_id, 0)
            and n.kind = b.kind
    where b.phone_e164 is distinct from n.phone_e164;
end;
$$;

--
-- Name: FUNCTION contact_differences(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.contact_differences() IS 'The rows of contact_days and phone_book that differ from their recomputation, for check_customer_state(): a day on
which contacts were all taken back may have its row or not.';

--
-- Name: is_time_zone(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.is_time_zone(p_name text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform now() at time zone p_name;
    return true;
exception when invalid_parameter_value then
    return false;
end;
$$;

--
-- Name: FUNCTION is_time_zone(p_name text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.is_time_zone(p_name text) IS 'True when the server knows the name as a time zone; behind the CHECK on settings.time_zone.';

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: settings; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.settings (
    id boolean DEFAULT true NOT NULL,
    time_zone text DEFAULT 'Asia/Dhaka'::text NOT NULL,
    vip_order_count integer DEFAULT 6 NOT NULL,
    vip_spend numeric(14,2) DEFAULT 50000 NOT NULL,
    inactive_from_days integer DEFAULT 90 NOT NULL,
    at_risk_from_days integer DEFAULT 60 NOT NULL,
    churned_after_days integer DEFAULT 90 NOT NULL,
    hot_within_days integer DEFAULT 7 NOT NULL,
    warm_within_days integer DEFAULT 30 NOT NULL,
    dropoff_low_after_days integer DEFAULT 30 NOT NULL,
    dropoff_medium_after_days integer DEFAULT 60 NOT NULL,
    dropoff_high_after_days integer DEFAULT 90 NOT NULL,
    dropoff_critical_after_days integer DEFAULT 120 NOT NULL,
    cart_abandoned_after interval DEFAULT '24:00:00'::interval NOT NULL,
    cart_recovery_days integer DEFAULT 7 NOT NULL,
    preferred_category_count integer DEFAULT 5 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    contacts_per_week integer DEFAULT 3 NOT NULL,
    quiet_from time without time zone,
    quiet_until time without time zone,
    working_days smallint[] DEFAULT '{7,1,2,3,4}'::smallint[] NOT NULL,
    calls_per_agent_day integer DEFAULT 1000 NOT NULL,
    claim_timeout interval DEFAULT '00:30:00'::interval NOT NULL,
    undo_within interval DEFAULT '00:10:00'::interval NOT NULL,
    CONSTRAINT settings_calls_per_agent_day_positive CHECK (((calls_per_agent_day >= 1) AND (calls_per_agent_day <= 100000))),
    CONSTRAINT settings_cart_abandoned_after_positive CHECK ((cart_abandoned_after > '00:00:00'::interval)),
    CONSTRAINT settings_cart_recovery_days_positive CHECK (((cart_recovery_days >= 1) AND (cart_recovery_days <= 365))),
    CONSTRAINT settings_claim_timeout_positive CHECK ((claim_timeout > '00:00:00'::interval)),
    CONSTRAINT settings_contacts_per_week_positive CHECK (((contacts_per_week >= 1) AND (contacts_per_week <= 1000))),
    CONSTRAINT settings_dropoff_in_order CHECK (((dropoff_low_after_days >= 0) AND (dropoff_low_after_days < dropoff_medium_after_days) AND (dropoff_medium_after_days < dropoff_high_after_days) AND (dropoff_high_after_days < dropoff_critical_after_days) AND (dropoff_critical_after_days <= 36500))),
    CONSTRAINT settings_inactive_positive CHECK (((inactive_from_days >= 1) AND (inactive_from_days <= 36500))),
    CONSTRAINT settings_lifecycle_in_order CHECK (((at_risk_from_days >= 1) AND (at_risk_from_days <= churned_after_days) AND (churned_after_days <= 36500))),
    CONSTRAINT settings_one_row CHECK (id),
    CONSTRAINT settings_preferred_category_count_positive CHECK (((preferred_category_count >= 1) AND (preferred_category_count <= 100))),
    CONSTRAINT settings_quiet_hours_complete CHECK ((((quiet_from IS NULL) = (quiet_until IS NULL)) AND (quiet_from <> quiet_until))),
    CONSTRAINT settings_temperature_in_order CHECK (((hot_within_days >= 0) AND (hot_within_days < warm_within_days) AND (warm_within_days <= 36500))),
    CONSTRAINT settings_time_zone_known CHECK (trustcart_private.is_time_zone(time_zone)),
    CONSTRAINT settings_undo_within_positive CHECK ((undo_within >= '00:00:00'::interval)),
    CONSTRAINT settings_vip_order_count_above_new CHECK ((vip_order_count >= 2)),
    CONSTRAINT settings_vip_spend_positive CHECK (((vip_spend > (0)::numeric) AND (vip_spend < '1000000000000'::numeric))),
    CONSTRAINT settings_working_days_known CHECK ((((cardinality(working_days) >= 1) AND (cardinality(working_days) <= 7)) AND (working_days <@ '{1,2,3,4,5,6,7}'::smallint[])))
);

--
-- Name: TABLE settings; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.settings IS 'The thresholds of every rule, one row. Change one and run refresh_customer_state(): that is all it takes.';

--
-- Name: COLUMN settings.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.id IS 'Always true: there is one row.';

--
-- Name: COLUMN settings.time_zone; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.time_zone IS 'Time zone of the business; business_date() is the date now in it.';

--
-- Name: COLUMN settings.vip_order_count; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.vip_order_count IS 'Counted orders from which a customer is vip (guide: 6+).';

--
-- Name: COLUMN settings.vip_spend; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.vip_spend IS 'Total spend from which a customer is vip, in taka (guide: 50,000).';

--
-- Name: COLUMN settings.inactive_from_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.inactive_from_days IS 'Days since the last counted order from which customer_type is inactive (guide: 90+).';

--
-- Name: COLUMN settings.at_risk_from_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.at_risk_from_days IS 'Days since the last counted order from which lifecycle_stage is at_risk (guide: 60+).';

--
-- Name: COLUMN settings.churned_after_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.churned_after_days IS 'Days since the last counted order after which lifecycle_stage is churned (DESIGN: more than 90).';

--
-- Name: COLUMN settings.hot_within_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.hot_within_days IS 'Temperature hot up to this many days since the last order.';

--
-- Name: COLUMN settings.warm_within_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.warm_within_days IS 'Temperature warm up to this many days since the last order.';

--
-- Name: COLUMN settings.dropoff_low_after_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.dropoff_low_after_days IS 'Dropoff risk low after this many days without an order.';

--
-- Name: COLUMN settings.dropoff_medium_after_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.dropoff_medium_after_days IS 'Dropoff risk medium after this many days without an order.';

--
-- Name: COLUMN settings.dropoff_high_after_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.dropoff_high_after_days IS 'Dropoff risk high after this many days without an order.';

--
-- Name: COLUMN settings.dropoff_critical_after_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.dropoff_critical_after_days IS 'Dropoff risk critical after this many days without an order.';

--
-- Name: COLUMN settings.cart_abandoned_after; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.cart_abandoned_after IS 'A cart without an order for this long since it was last touched is abandoned.';

--
-- Name: COLUMN settings.cart_recovery_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.cart_recovery_days IS 'An order within this many days after a cart was abandoned recovers it.';

--
-- Name: COLUMN settings.preferred_category_count; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.preferred_category_count IS 'How many categories customer_behavior.preferred_categories names at most.';

--
-- Name: COLUMN settings.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.updated_at IS 'When the row was last changed; kept by a trigger.';

--
-- Name: COLUMN settings.contacts_per_week; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.contacts_per_week IS 'How often a customer is contacted in seven rolling days at most, over all channels: a channel counts once a day.';

--
-- Name: COLUMN settings.quiet_from; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.quiet_from IS 'From this hour of the customer''s own day nobody calls; null: there are no quiet hours.';

--
-- Name: COLUMN settings.quiet_until; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.quiet_until IS 'From this hour on calls are made again; may lie past midnight.';

--
-- Name: COLUMN settings.working_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.working_days IS 'The shop''s working days, 1 Monday to 7 Sunday: a call asked for without a date is due on the next of them.';

--
-- Name: COLUMN settings.calls_per_agent_day; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.calls_per_agent_day IS 'Calls an agent is given for a day at most, unless agent_working_hours says another number. The default only keeps a day
finite: state your own.';

--
-- Name: COLUMN settings.claim_timeout; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.claim_timeout IS 'A claimed call that was neither completed nor given back for so long returns to the list.';

--
-- Name: COLUMN settings.undo_within; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.settings.undo_within IS 'How long the last outcome of a call can be undone.';

--
-- Name: customer_type_of(integer, numeric, integer, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.customer_type_of(p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_order_count = 0) THEN NULL::text
             WHEN (p_days >= (p_settings).inactive_from_days) THEN 'inactive'::text
             WHEN ((p_order_count >= (p_settings).vip_order_count) OR (p_total_spend >= (p_settings).vip_spend)) THEN 'vip'::text
             WHEN (p_order_count >= 2) THEN 'repeat'::text
             ELSE 'new'::text
         END AS customer_type;
END;

--
-- Name: FUNCTION customer_type_of(p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.customer_type_of(p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings) IS 'customer_type from counted orders, their sum and the days since the last; null without an order.';

--
-- Name: lifecycle_stage_of(integer, integer, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.lifecycle_stage_of(p_order_count integer, p_days integer, p_settings trustcart.settings) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_order_count = 0) THEN 'prospect'::text
             WHEN (p_days > (p_settings).churned_after_days) THEN 'churned'::text
             WHEN (p_days >= (p_settings).at_risk_from_days) THEN 'at_risk'::text
             WHEN (p_order_count = 1) THEN 'new'::text
             ELSE 'active'::text
         END AS lifecycle_stage;
END;

--
-- Name: FUNCTION lifecycle_stage_of(p_order_count integer, p_days integer, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.lifecycle_stage_of(p_order_count integer, p_days integer, p_settings trustcart.settings) IS 'lifecycle_stage from counted orders and the days since the last.';

--
-- Name: next_label_date(date, date, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.next_label_date(p_last_order_date date, p_as_of date, p_settings trustcart.settings) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (p_last_order_date + LEAST(
         CASE
             WHEN ((p_as_of - p_last_order_date) <= (p_settings).hot_within_days) THEN ((p_settings).hot_within_days + 1)
             WHEN ((p_as_of - p_last_order_date) <= (p_settings).warm_within_days) THEN ((p_settings).warm_within_days + 1)
             ELSE NULL::integer
         END,
         CASE
             WHEN ((p_as_of - p_last_order_date) < (p_settings).at_risk_from_days) THEN (p_settings).at_risk_from_days
             WHEN ((p_as_of - p_last_order_date) <= (p_settings).churned_after_days) THEN ((p_settings).churned_after_days + 1)
             ELSE NULL::integer
         END,
         CASE
             WHEN ((p_as_of - p_last_order_date) < (p_settings).inactive_from_days) THEN (p_settings).inactive_from_days
             ELSE NULL::integer
         END)) AS next_label_date;
END;

--
-- Name: FUNCTION next_label_date(p_last_order_date date, p_as_of date, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.next_label_date(p_last_order_date date, p_as_of date, p_settings trustcart.settings) IS 'The first date after p_as_of on which the passing of days changes a label; null when none is left.';

--
-- Name: priority_level_of(integer, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.priority_level_of(p_days integer, p_settings trustcart.settings) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_days <= (p_settings).hot_within_days) THEN 'hot'::text
             WHEN (p_days <= (p_settings).warm_within_days) THEN 'warm'::text
             ELSE 'cold'::text
         END AS priority_level;
END;

--
-- Name: FUNCTION priority_level_of(p_days integer, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.priority_level_of(p_days integer, p_settings trustcart.settings) IS 'Temperature from the days since the last counted order; cold without one.';

--
-- Name: customer_behavior; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_behavior (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    avg_order_value numeric(12,2),
    preferred_categories text[] DEFAULT '{}'::text[] NOT NULL,
    preferred_payment_method text,
    avg_days_between_orders integer,
    peak_order_time text,
    has_abandoned_cart boolean DEFAULT false NOT NULL,
    cart_recovery_count integer DEFAULT 0 NOT NULL,
    refresh_due boolean DEFAULT true NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_behavior_peak_order_time_known CHECK ((peak_order_time = ANY (ARRAY['morning'::text, 'afternoon'::text, 'evening'::text, 'night'::text])))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05');

--
-- Name: TABLE customer_behavior; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_behavior IS 'How a customer buys, one row a customer, derived from the counted orders, their items and the carts.';

--
-- Name: COLUMN customer_behavior.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.id IS 'Identity of the row.';

--
-- Name: COLUMN customer_behavior.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.customer_id IS 'Whose behaviour it is; goes with the customer.';

--
-- Name: COLUMN customer_behavior.avg_order_value; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.avg_order_value IS 'Mean amount of a counted order, in taka; right in the order''s own transaction.';

--
-- Name: COLUMN customer_behavior.preferred_categories; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.preferred_categories IS 'Names of the categories bought most often, the most frequent first; as of the last refresh_customer_behavior().';

--
-- Name: COLUMN customer_behavior.preferred_payment_method; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.preferred_payment_method IS 'The payment method used most often; as of the last refresh_customer_behavior().';

--
-- Name: COLUMN customer_behavior.avg_days_between_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.avg_days_between_orders IS 'Mean days between consecutive counted orders; null below two; right in the order''s own transaction.';

--
-- Name: COLUMN customer_behavior.peak_order_time; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.peak_order_time IS 'morning (5-11), afternoon (12-16), evening (17-20) or night, in the business time zone; null when no hour is known.';

--
-- Name: COLUMN customer_behavior.has_abandoned_cart; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.has_abandoned_cart IS 'True while an abandoned cart is not recovered.';

--
-- Name: COLUMN customer_behavior.cart_recovery_count; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.cart_recovery_count IS 'Abandoned carts that an order followed in time.';

--
-- Name: COLUMN customer_behavior.refresh_due; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.refresh_due IS 'True when orders, items or carts changed since refresh_customer_behavior() last took the customer.';

--
-- Name: COLUMN customer_behavior.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_behavior.updated_at IS 'When the row last changed.';

--
-- Name: customer_family_members; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_family_members (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    name text NOT NULL,
    relationship text NOT NULL,
    date_of_birth trustcart.calendar_date,
    anniversary_date trustcart.calendar_date,
    phone text,
    phone_e164 text,
    address text,
    notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_family_members_name_given CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT customer_family_members_relationship_given CHECK ((btrim(relationship) <> ''::text))
);

--
-- Name: TABLE customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_family_members IS 'The family of a customer: birthdays, gifts, other addresses.';

--
-- Name: COLUMN customer_family_members.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.id IS 'Identity of the family member.';

--
-- Name: COLUMN customer_family_members.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.customer_id IS 'Whose family it is; goes with the customer.';

--
-- Name: COLUMN customer_family_members.name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.name IS 'Name.';

--
-- Name: COLUMN customer_family_members.relationship; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.relationship IS 'spouse, child, parent, sibling ...';

--
-- Name: COLUMN customer_family_members.date_of_birth; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.date_of_birth IS 'Date of birth, for the birthday call.';

--
-- Name: COLUMN customer_family_members.anniversary_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.anniversary_date IS 'Wedding date, for the anniversary call.';

--
-- Name: COLUMN customer_family_members.phone; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.phone IS 'Phone number as it was typed.';

--
-- Name: COLUMN customer_family_members.phone_e164; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.phone_e164 IS 'The phone number in E.164, by normalize_phone(); null when it cannot be read as one. Kept by a trigger.';

--
-- Name: COLUMN customer_family_members.address; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.address IS 'Postal address, where it is another one.';

--
-- Name: COLUMN customer_family_members.notes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.notes IS 'Free notes.';

--
-- Name: COLUMN customer_family_members.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_family_members.created_at IS 'When the row was made.';

--
-- Name: customer_interactions; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_interactions (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    interaction_type text NOT NULL,
    direction text DEFAULT 'outbound'::text NOT NULL,
    subject text,
    details text,
    outcome text,
    agent_id bigint,
    interaction_date timestamp with time zone DEFAULT now() NOT NULL,
    follow_up_date date,
    task_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_interactions_direction_known CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
    CONSTRAINT customer_interactions_follow_up_date_sane CHECK (((follow_up_date >= '1900-01-01'::date) AND (follow_up_date < '2200-01-01'::date))),
    CONSTRAINT customer_interactions_interaction_date_sane CHECK (((interaction_date >= '1900-01-01 00:00:00+00'::timestamp with time zone) AND (interaction_date < '2200-01-01 00:00:00+00'::timestamp with time zone))),
    CONSTRAINT customer_interactions_interaction_type_known CHECK ((interaction_type = ANY (ARRAY['call'::text, 'whatsapp'::text, 'sms'::text, 'email'::text, 'visit'::text])))
);

--
-- Name: TABLE customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_interactions IS 'Every contact with a customer, of any channel and direction. A completed call task writes its own, once.';

--
-- Name: COLUMN customer_interactions.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.id IS 'Identity of the interaction.';

--
-- Name: COLUMN customer_interactions.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.customer_id IS 'With whom.';

--
-- Name: COLUMN customer_interactions.interaction_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.interaction_type IS 'call, whatsapp, sms, email or visit.';

--
-- Name: COLUMN customer_interactions.direction; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.direction IS 'inbound (they to us) or outbound.';

--
-- Name: COLUMN customer_interactions.subject; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.subject IS 'What it was about.';

--
-- Name: COLUMN customer_interactions.details; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.details IS 'What was said.';

--
-- Name: COLUMN customer_interactions.outcome; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.outcome IS 'successful, no_answer, follow_up_needed, not_interested ...; the first word decides, more may follow.';

--
-- Name: COLUMN customer_interactions.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.agent_id IS 'Who of us had it.';

--
-- Name: COLUMN customer_interactions.interaction_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.interaction_date IS 'When.';

--
-- Name: COLUMN customer_interactions.follow_up_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.follow_up_date IS 'When to call again, if it was agreed.';

--
-- Name: COLUMN customer_interactions.task_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.task_id IS 'The call task that it completed, if any.';

--
-- Name: COLUMN customer_interactions.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_interactions.created_at IS 'When the row was made.';

--
-- Name: customer_state_changes; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_state_changes (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    attribute text NOT NULL,
    from_value text,
    to_value text,
    business_date date NOT NULL,
    cause text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_state_changes_attribute_known CHECK ((attribute = ANY (ARRAY['customer_type'::text, 'lifecycle_stage'::text]))),
    CONSTRAINT customer_state_changes_cause_known CHECK ((cause = ANY (ARRAY['order'::text, 'time'::text, 'settings'::text, 'rewind'::text]))),
    CONSTRAINT customer_state_changes_changes CHECK ((from_value IS DISTINCT FROM to_value))
);

--
-- Name: TABLE customer_state_changes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_state_changes IS 'Every change of customer_type and lifecycle_stage, dated by the day it fell on, skipped stages included.';

--
-- Name: COLUMN customer_state_changes.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.id IS 'Identity; the order of a customer''s changes.';

--
-- Name: COLUMN customer_state_changes.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.customer_id IS 'Whose state changed; goes with the customer.';

--
-- Name: COLUMN customer_state_changes.attribute; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.attribute IS 'customer_type or lifecycle_stage.';

--
-- Name: COLUMN customer_state_changes.from_value; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.from_value IS 'The value before; null before the first order.';

--
-- Name: COLUMN customer_state_changes.to_value; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.to_value IS 'The value after; null when the last order was withdrawn.';

--
-- Name: COLUMN customer_state_changes.business_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.business_date IS 'The day the change fell on.';

--
-- Name: COLUMN customer_state_changes.cause; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.cause IS 'order: an order came, went or fell due; time: a threshold passed; settings: a rule changed; rewind: a replay began.';

--
-- Name: COLUMN customer_state_changes.recorded_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_state_changes.recorded_at IS 'When it was written.';

--
-- Name: customers; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customers (
    id bigint NOT NULL,
    first_name text,
    last_name text,
    email trustcart.email_address,
    phone text,
    phone_e164 text,
    mobile text,
    mobile_e164 text,
    gender trustcart.gender,
    date_of_birth trustcart.calendar_date,
    anniversary_date trustcart.calendar_date,
    address text,
    city text,
    district text,
    notes text,
    is_active boolean DEFAULT true NOT NULL,
    assigned_agent_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    order_count integer DEFAULT 0 NOT NULL,
    total_spend numeric(14,2) DEFAULT 0 NOT NULL,
    first_order_date date,
    last_order_date date,
    next_order_date date,
    customer_type text,
    lifecycle_stage text DEFAULT 'prospect'::text NOT NULL,
    priority_level text DEFAULT 'cold'::text NOT NULL,
    family_members_count integer DEFAULT 0 NOT NULL,
    interactions_count integer DEFAULT 0 NOT NULL,
    state_as_of date DEFAULT '-infinity'::date NOT NULL,
    state_valid_until date,
    state_revision bigint DEFAULT 0 NOT NULL,
    CONSTRAINT customers_customer_type_known CHECK ((customer_type = ANY (ARRAY['new'::text, 'repeat'::text, 'vip'::text, 'inactive'::text]))),
    CONSTRAINT customers_lifecycle_stage_known CHECK ((lifecycle_stage = ANY (ARRAY['prospect'::text, 'new'::text, 'active'::text, 'at_risk'::text, 'churned'::text]))),
    CONSTRAINT customers_priority_level_known CHECK ((priority_level = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text]))),
    CONSTRAINT customers_state_valid_after_as_of CHECK ((state_valid_until > state_as_of))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05', autovacuum_analyze_scale_factor='0.05');

--
-- Name: TABLE customers; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customers IS 'Every customer, ordering or not. The columns from order_count on are derived from the counted orders and kept by
triggers and the daily job; what anybody else writes into them is undone.';

--
-- Name: COLUMN customers.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.id IS 'Identity of the customer; an imported or adopted one keeps its own.';

--
-- Name: COLUMN customers.first_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.first_name IS 'Given name.';

--
-- Name: COLUMN customers.last_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.last_name IS 'Family name.';

--
-- Name: COLUMN customers.email; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.email IS 'E-mail address.';

--
-- Name: COLUMN customers.phone; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.phone IS 'Phone number as it was typed.';

--
-- Name: COLUMN customers.phone_e164; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.phone_e164 IS 'The phone number in E.164, by normalize_phone(); null when it cannot be read as one. Kept by a trigger.';

--
-- Name: COLUMN customers.mobile; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.mobile IS 'Second number, as it was typed.';

--
-- Name: COLUMN customers.mobile_e164; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.mobile_e164 IS 'The second number in E.164, by normalize_phone(); null when it cannot be read as one. Kept by a trigger.';

--
-- Name: COLUMN customers.gender; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.gender IS 'female, male or other, where known.';

--
-- Name: COLUMN customers.date_of_birth; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.date_of_birth IS 'Date of birth, for the birthday call.';

--
-- Name: COLUMN customers.anniversary_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.anniversary_date IS 'Wedding date, for the anniversary call.';

--
-- Name: COLUMN customers.address; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.address IS 'Postal address: house, road, area.';

--
-- Name: COLUMN customers.city; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.city IS 'City or town.';

--
-- Name: COLUMN customers.district; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.district IS 'District (zila).';

--
-- Name: COLUMN customers.notes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.notes IS 'Free notes about the customer.';

--
-- Name: COLUMN customers.is_active; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.is_active IS 'False: closed account; nobody calls or writes to it.';

--
-- Name: COLUMN customers.assigned_agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.assigned_agent_id IS 'The agent who looks after this customer, if any.';

--
-- Name: COLUMN customers.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.created_at IS 'When the row was made.';

--
-- Name: COLUMN customers.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.updated_at IS 'When the entered columns were last changed; kept by a trigger.';

--
-- Name: COLUMN customers.order_count; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.order_count IS 'Counted orders up to state_as_of.';

--
-- Name: COLUMN customers.total_spend; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.total_spend IS 'Sum of the counted orders up to state_as_of, in taka.';

--
-- Name: COLUMN customers.first_order_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.first_order_date IS 'Date of the first counted order.';

--
-- Name: COLUMN customers.last_order_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.last_order_date IS 'Date of the last counted order up to state_as_of.';

--
-- Name: COLUMN customers.next_order_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.next_order_date IS 'Date of the first counted order dated after state_as_of; null when none is.';

--
-- Name: COLUMN customers.customer_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.customer_type IS 'new, repeat, vip or inactive; null before the first order.';

--
-- Name: COLUMN customers.lifecycle_stage; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.lifecycle_stage IS 'prospect, new, active, at_risk or churned.';

--
-- Name: COLUMN customers.priority_level; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.priority_level IS 'Temperature by days since the last order: hot, warm or cold.';

--
-- Name: COLUMN customers.family_members_count; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.family_members_count IS 'Rows of customer_family_members; kept by triggers, so that the 360 view need not count.';

--
-- Name: COLUMN customers.interactions_count; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.interactions_count IS 'Rows of customer_interactions; kept by triggers, so that the 360 view need not count.';

--
-- Name: COLUMN customers.state_as_of; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.state_as_of IS 'The business date the derived columns speak of.';

--
-- Name: COLUMN customers.state_valid_until; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.state_valid_until IS 'The first later date on which a threshold or a future-dated order changes a derived column; null when none does.';

--
-- Name: COLUMN customers.state_revision; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customers.state_revision IS 'Counts the writes of the derived columns; an update of theirs that does not raise it is undone.';

--
-- Name: order_statuses; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.order_statuses (
    status text NOT NULL,
    counts boolean NOT NULL,
    CONSTRAINT order_statuses_status_word CHECK ((status ~ '^[a-z][a-z0-9_]*$'::text))
);

--
-- Name: TABLE order_statuses; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.order_statuses IS 'The vocabulary of sales_orders.status, and which of them count in every figure.';

--
-- Name: COLUMN order_statuses.status; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.order_statuses.status IS 'The status as orders carry it, lower case.';

--
-- Name: COLUMN order_statuses.counts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.order_statuses.counts IS 'True when an order of this status counts as bought. Changing it recomputes the customers concerned.';

--
-- Name: sales_orders; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.sales_orders (
    id bigint NOT NULL,
    order_number text,
    customer_id bigint NOT NULL,
    order_date date NOT NULL,
    ordered_at timestamp with time zone,
    total_amount numeric(12,2) NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    payment_method text,
    notes text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sales_orders_order_date_sane CHECK (((order_date >= '1900-01-01'::date) AND (order_date < '2200-01-01'::date))),
    CONSTRAINT sales_orders_total_amount_sane CHECK (((total_amount >= (0)::numeric) AND (total_amount < '10000000000'::numeric)))
)
WITH (fillfactor='90');

--
-- Name: TABLE sales_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.sales_orders IS 'Orders of every channel. Those whose status counts make up the figures of their customer, in the same transaction.';

--
-- Name: COLUMN sales_orders.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.id IS 'Identity of the order.';

--
-- Name: COLUMN sales_orders.order_number; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.order_number IS 'The shop''s own number, unique where given.';

--
-- Name: COLUMN sales_orders.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.customer_id IS 'Whose order it is.';

--
-- Name: COLUMN sales_orders.order_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.order_date IS 'Business date of the order; every rule counts by it.';

--
-- Name: COLUMN sales_orders.ordered_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.ordered_at IS 'The instant it was placed; null when only the day is known.';

--
-- Name: COLUMN sales_orders.total_amount; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.total_amount IS 'What the customer pays, in taka.';

--
-- Name: COLUMN sales_orders.status; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.status IS 'Status, one of order_statuses.';

--
-- Name: COLUMN sales_orders.payment_method; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.payment_method IS 'How it is paid: bKash, Nagad, card, cash on delivery ...';

--
-- Name: COLUMN sales_orders.notes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.notes IS 'Free notes about the order.';

--
-- Name: COLUMN sales_orders.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.created_at IS 'When the row was made.';

--
-- Name: COLUMN sales_orders.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_orders.updated_at IS 'When the row was last changed; kept by a trigger.';

--
-- Name: check_customer_state(); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.check_customer_state() RETURNS TABLE(customer_id bigint, figure text, maintained text, recomputed text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH counted AS (
          SELECT so.customer_id,
             (count(*) FILTER (WHERE (so.order_date <= c.state_as_of)))::integer AS order_count,
             sum(so.total_amount) FILTER (WHERE (so.order_date <= c.state_as_of)) AS total_spend,
             min(so.order_date) FILTER (WHERE (so.order_date <= c.state_as_of)) AS first_order_date,
             max(so.order_date) FILTER (WHERE (so.order_date <= c.state_as_of)) AS last_order_date,
             min(so.order_date) FILTER (WHERE (so.order_date > c.state_as_of)) AS next_order_date
            FROM ((trustcart.sales_orders so
              JOIN trustcart.order_statuses os ON (((so.status = os.status) AND os.counts)))
              JOIN trustcart.customers c ON ((so.customer_id = c.id)))
           GROUP BY so.customer_id
         ), latest AS (
          SELECT DISTINCT ON (h.customer_id, h.attribute) h.customer_id,
             h.attribute,
             h.to_value
            FROM trustcart.customer_state_changes h
           ORDER BY h.customer_id, h.attribute, h.id DESC
         )
  SELECT c.id AS customer_id,
     v.figure,
     v.maintained,
     v.recomputed
    FROM ((((((trustcart.customers c
      LEFT JOIN counted o ON ((c.id = o.customer_id)))
      LEFT JOIN trustcart.customer_behavior b ON ((c.id = b.customer_id)))
      LEFT JOIN latest ht ON (((c.id = ht.customer_id) AND (ht.attribute = 'customer_type'::text))))
      LEFT JOIN latest hs ON (((c.id = hs.customer_id) AND (hs.attribute = 'lifecycle_stage'::text))))
      CROSS JOIN trustcart.settings s)
      CROSS JOIN LATERAL ( VALUES ('order_count'::text,(c.order_count)::text,(COALESCE(o.order_count, 0))::text), ('total_spend'::text,(c.total_spend)::text,(COALESCE(o.total_spend, 0.00))::text), ('first_order_date'::text,(c.first_order_date)::text,(o.first_order_date)::text), ('last_order_date'::text,(c.last_order_date)::text,(o.last_order_date)::text), ('next_order_date'::text,(c.next_order_date)::text,(o.next_order_date)::text), ('customer_type'::text,c.customer_type,trustcart_private.customer_type_of(COALESCE(o.order_count, 0), o.total_spend, (c.state_as_of - o.last_order_date), s.*)), ('lifecycle_stage'::text,c.lifecycle_stage,trustcart_private.lifecycle_stage_of(COALESCE(o.order_count, 0), (c.state_as_of - o.last_order_date), s.*)), ('priority_level'::text,c.priority_level,trustcart_private.priority_level_of((c.state_as_of - o.last_order_date), s.*)), ('state_valid_until'::text,(c.state_valid_until)::text,(LEAST(trustcart_private.next_label_date(o.last_order_date, c.state_as_of, s.*), o.next_order_date))::text), ('avg_order_value'::text,(b.avg_order_value)::text,(trustcart_private.avg_order_value_of(COALESCE(o.order_count, 0), o.total_spend))::text), ('avg_days_between_orders'::text,(b.avg_days_between_orders)::text,(trustcart_private.avg_days_between_orders_of(COALESCE(o.order_count, 0), o.first_order_date, o.last_order_date))::text), ('family_members_count'::text,(c.family_members_count)::text,(( SELECT count(*) AS count
                    FROM trustcart.customer_family_members f
                   WHERE (f.customer_id = c.id)))::text), ('interactions_count'::text,(c.interactions_count)::text,(( SELECT count(*) AS count
                    FROM trustcart.customer_interactions i
                   WHERE (i.customer_id = c.id)))::text), ('last customer_type of the history'::text,ht.to_value,c.customer_type), ('last lifecycle_stage of the history'::text,COALESCE(hs.to_value, 'prospect'::text),c.lifecycle_stage)) v(figure, maintained, recomputed))
   WHERE (v.maintained IS DISTINCT FROM v.recomputed)
 UNION ALL
  SELECT d.customer_id,
     d.figure,
     d.maintained,
     d.recomputed
    FROM trustcart_private.contact_differences() d(customer_id, figure, maintained, recomputed);
END;

--
-- Name: FUNCTION check_customer_state(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.check_customer_state() IS 'Every maintained figure that differs from its recomputation from the orders, as of the date each customer''s state
speaks of, every history that does not end in the present label, and what contact_days and phone_book hold differently
from the contacts and numbers they were counted from. No rows is right.';

--
-- Name: check_job_date(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.check_job_date(p_business_date date) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform trustcart_private.require_date(p_business_date);
end;
$$;

--
-- Name: FUNCTION check_job_date(p_business_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.check_job_date(p_business_date date) IS 'Raises TC001 unless given a business date; for the job procedures, which run as their caller.';

--
-- Name: check_period(date, date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.check_period(p_from date, p_to date) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if trustcart_private.require_date(p_from) > trustcart_private.require_date(p_to) then
        raise exception using
            errcode = 'TC005',
            message = format('the period begins on %s and ends on %s', p_from, p_to),
            hint = 'Give the first and the last day of the period; both belong to it.';
    end if;
end;
$$;

--
-- Name: FUNCTION check_period(p_from date, p_to date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.check_period(p_from date, p_to date) IS 'Raises TC001 unless given two business dates, TC005 when the second is before the first; for functions that run as
their caller.';

--
-- Name: is_successful_outcome(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.is_successful_outcome(p_outcome text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE((p_outcome ~* '^\s*successful\M'::text), false);

--
-- Name: FUNCTION is_successful_outcome(p_outcome text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.is_successful_outcome(p_outcome text) IS 'True when the first word of an outcome is "successful" ("unsuccessful" is another word); never null.';

--
-- Name: crm_call_tasks; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.crm_call_tasks (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    assigned_agent_id bigint,
    task_type text DEFAULT 'other'::text NOT NULL,
    priority text DEFAULT 'cold'::text NOT NULL,
    priority_rank smallint GENERATED ALWAYS AS (
CASE priority
    WHEN 'hot'::text THEN 1
    WHEN 'warm'::text THEN 2
    ELSE 3
END) STORED,
    task_date date NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    outcome text,
    successful boolean GENERATED ALWAYS AS (trustcart_private.is_successful_outcome(outcome)) STORED,
    notes text,
    source text DEFAULT 'manual'::text NOT NULL,
    reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
    due_at timestamp with time zone,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    closed_at timestamp with time zone,
    close_reason text,
    follow_up_date date,
    predecessor_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    list_position integer,
    call_from timestamp with time zone,
    call_until timestamp with time zone,
    claimed_by bigint,
    claimed_at timestamp with time zone,
    why_agent text,
    first_planned_on date,
    settled_on date,
    before_outcome jsonb,
    CONSTRAINT crm_call_tasks_call_hours_in_order CHECK ((call_from < call_until)),
    CONSTRAINT crm_call_tasks_claim_complete CHECK (((claimed_by IS NULL) = (claimed_at IS NULL))),
    CONSTRAINT crm_call_tasks_closed_at_when_closed CHECK (((status = 'pending'::text) = (closed_at IS NULL))),
    CONSTRAINT crm_call_tasks_completed_at_when_completed CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT crm_call_tasks_first_planned_before CHECK ((first_planned_on < task_date)),
    CONSTRAINT crm_call_tasks_follow_up_date_sane CHECK (((follow_up_date >= '1900-01-01'::date) AND (follow_up_date < '2200-01-01'::date))),
    CONSTRAINT crm_call_tasks_not_own_predecessor CHECK ((predecessor_id <> id)),
    CONSTRAINT crm_call_tasks_priority_known CHECK ((priority = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text]))),
    CONSTRAINT crm_call_tasks_reasons_list CHECK ((jsonb_typeof(reasons) = 'array'::text)),
    CONSTRAINT crm_call_tasks_source_known CHECK ((source = ANY (ARRAY['generated'::text, 'manual'::text, 'carried'::text]))),
    CONSTRAINT crm_call_tasks_started_before_completed CHECK ((completed_at >= started_at)),
    CONSTRAINT crm_call_tasks_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'completed'::text, 'skipped'::text, 'expired'::text, 'cancelled'::text, 'carried'::text]))),
    CONSTRAINT crm_call_tasks_task_date_sane CHECK (((task_date >= '1900-01-01'::date) AND (task_date < '2200-01-01'::date)))
)
WITH (fillfactor='90');

--
-- Name: TABLE crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.crm_call_tasks IS 'The calls to make, one row a call: planned by generate_daily_call_tasks() or created by hand.';

--
-- Name: COLUMN crm_call_tasks.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.id IS 'Identity of the task.';

--
-- Name: COLUMN crm_call_tasks.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.customer_id IS 'Whom to call.';

--
-- Name: COLUMN crm_call_tasks.assigned_agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.assigned_agent_id IS 'Who calls; null while nobody is assigned.';

--
-- Name: COLUMN crm_call_tasks.task_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.task_type IS 'Why, in one word: the first in rank of the reasons.';

--
-- Name: COLUMN crm_call_tasks.priority; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.priority IS 'hot, warm or cold.';

--
-- Name: COLUMN crm_call_tasks.priority_rank; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.priority_rank IS '1 hot, 2 warm, 3 cold: what lists are sorted by.';

--
-- Name: COLUMN crm_call_tasks.task_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.task_date IS 'The business date it is meant for.';

--
-- Name: COLUMN crm_call_tasks.status; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.status IS 'pending, completed, skipped, expired, cancelled, or carried (a successor of a later date names it).';

--
-- Name: COLUMN crm_call_tasks.outcome; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.outcome IS 'What came of it: successful, no_answer, follow_up_needed, not_interested ...; the first word decides.';

--
-- Name: COLUMN crm_call_tasks.successful; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.successful IS 'True when the first word of the outcome is "successful".';

--
-- Name: COLUMN crm_call_tasks.notes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.notes IS 'Notes of the agent.';

--
-- Name: COLUMN crm_call_tasks.source; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.source IS 'generated by the daily plan, manual, or carried: put off to its day by reschedule_call_tasks().';

--
-- Name: COLUMN crm_call_tasks.reasons; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.reasons IS 'All reasons of the plan, in rank, each with its facts.';

--
-- Name: COLUMN crm_call_tasks.due_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.due_at IS 'The instant to call at, where an hour was agreed.';

--
-- Name: COLUMN crm_call_tasks.started_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.started_at IS 'When the agent took it up.';

--
-- Name: COLUMN crm_call_tasks.completed_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.completed_at IS 'When it was completed; set exactly then.';

--
-- Name: COLUMN crm_call_tasks.closed_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.closed_at IS 'When it left pending, however it did.';

--
-- Name: COLUMN crm_call_tasks.close_reason; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.close_reason IS 'Why it was skipped, cancelled or expired.';

--
-- Name: COLUMN crm_call_tasks.follow_up_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.follow_up_date IS 'When to call again, if it was agreed.';

--
-- Name: COLUMN crm_call_tasks.predecessor_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.predecessor_id IS 'The task of an earlier day that this one carries on.';

--
-- Name: COLUMN crm_call_tasks.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.created_at IS 'When the row was made.';

--
-- Name: COLUMN crm_call_tasks.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.updated_at IS 'When the row was last changed; kept by a trigger.';

--
-- Name: COLUMN crm_call_tasks.list_position; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.list_position IS 'Place in the day''s list as planned, within a priority; null for calls that no plan placed: they come first.';

--
-- Name: COLUMN crm_call_tasks.call_from; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.call_from IS 'Not before this instant: quiet or preferred hours; null: any.';

--
-- Name: COLUMN crm_call_tasks.call_until; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.call_until IS 'Not from this instant on; null: any.';

--
-- Name: COLUMN crm_call_tasks.claimed_by; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.claimed_by IS 'Agent who took it from the list and has not settled it yet.';

--
-- Name: COLUMN crm_call_tasks.claimed_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.claimed_at IS 'When; older than settings.claim_timeout, the claim is void.';

--
-- Name: COLUMN crm_call_tasks.why_agent; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.why_agent IS 'Why it is this agent''s, in words.';

--
-- Name: COLUMN crm_call_tasks.first_planned_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.first_planned_on IS 'Of a call carried over: the day it was first planned for; its age counts from it.';

--
-- Name: COLUMN crm_call_tasks.settled_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.settled_on IS 'Of a call that a day''s list carried on or let expire: that day. Null when it was closed otherwise.';

--
-- Name: COLUMN crm_call_tasks.before_outcome; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_tasks.before_outcome IS 'What the last outcome changed, as it was before, for undo_call_outcome(); null when there is nothing to undo.';

--
-- Name: claim_next_call(bigint, timestamp with time zone, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.claim_next_call(p_agent_id bigint, p_at timestamp with time zone DEFAULT now(), p_request_id text DEFAULT NULL::text) RETURNS SETOF trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_earlier trustcart_private.call_requests;
    v_settings trustcart.settings;
    v_date date;
    v_void_before timestamptz;
    v_max_calls integer;
    v_absence text;
    v_room integer;
    v_pool boolean := true;
    v_passed bigint[] := array[]::bigint[];
    v_next record;
    v_task trustcart.crm_call_tasks;
    v_reason text;
    v_sqlstate text;
    v_waiting record;
begin
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agent_id is required',
            hint = 'Say who is going to call.';
    end if;
    if p_request_id is not null then
        v_earlier := trustcart_private.begin_request(p_request_id, 'claim_next_call', jsonb_build_array(p_agent_id));
        if v_earlier.request_id is not null then
            return query select t.* from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
            return;
        end if;
    end if;
    perform trustcart_private.require_agent(p_agent_id);
    select s.* into v_settings from trustcart.settings as s;
    v_date := (p_at at time zone v_settings.time_zone)::date;
    v_void_before := p_at - v_settings.claim_timeout;
    select c.max_calls, c.absence into v_max_calls, v_absence
    from trustcart_private.agent_capacity(v_date, p_agent_id) as c
    where c.agent_id = p_agent_id;
    if v_absence is not null then
        raise exception using
            errcode = 'TC207',
            message = format('agent %s is absent on %s: %s', p_agent_id, v_date, v_absence),
            hint = 'Correct agent_leave, agent_working_hours or shop_holidays, if the agent works after all.';
    end if;

    perform trustcart_private.release_void_claims(v_date, v_void_before);
    loop
        v_next := trustcart_private.next_claimable_call(p_agent_id, v_date, p_at, v_void_before, v_passed, v_pool);
        exit when v_next.task_id is null;

        if v_next.is_pool then
            -- One claim of an agent from the pool at a time, so that two do not both take the last place of the day.
            perform from trustcart.users as u where u.id = p_agent_id for no key update;
            select
                v_max_calls
                - coalesce(
                    (
                        select d.calls from trustcart.agent_days as d
                        where d.agent_id = p_agent_id and d.work_date = v_date
                    ), 0
                )
                - count(*)
            into v_room
            from trustcart.crm_call_tasks as t
            where
                t.claimed_by = p_agent_id and t.assigned_agent_id is null and t.task_date = v_date
                and t.status = 'pending';
            if v_room <= 0 then
                v_pool := false;
                continue;
            end if;
        end if;

        select r.reason, r.sqlstate into v_reason, v_sqlstate
        from trustcart_private.refusal_of_call(v_next.customer_id, p_at) as r;
        if v_reason is null then
            update trustcart.crm_call_tasks as t
            set claimed_by = p_agent_id, claimed_at = p_at, started_at = null
            where t.id = v_next.task_id
            returning t.* into v_task;
            if p_request_id is not null then
                update trustcart_private.call_requests as r set task_id = v_task.id where r.request_id = p_request_id;
            end if;
            return next v_task;
            return;
        elsif v_sqlstate <> 'TC209' then
            update trustcart.crm_call_tasks as t
            set status = 'cancelled', close_reason = v_reason
            where t.id = v_next.task_id;
        end if;
        v_passed := v_passed || v_next.task_id;
    end loop;

    -- No row can mean two things to who reads it: go home, or wait.
    select
        count(*) as calls,
        count(*) filter (where t.due_at > p_at or t.call_from > p_at) as later,
        min(greatest(t.due_at, t.call_from)) filter (where t.due_at > p_at or t.call_from > p_at) as next_at
    into v_waiting
    from trustcart.crm_call_tasks as t
    where t.status = 'pending' and t.task_date = v_date and t.assigned_agent_id = p_agent_id;
    raise notice '%', case
        when v_waiting.later > 0
            then format(
                case
                    when v_waiting.later = 1 then '%s call of agent %s waits for its hour, at %s'
                    else '%s calls of agent %s wait for their hour, the next at %s'
                end,
                v_waiting.later, p_agent_id, to_char(v_waiting.next_at at time zone v_settings.time_zone, 'HH24:MI')
            )
        when v_waiting.calls > 0
            then format(
                'the list of agent %s holds nothing to claim: calls begun, claimed or out of their hours: %s',
                p_agent_id, v_waiting.calls
            )
        else format('the list of agent %s is done', p_agent_id)
    end;
end;
$$;

--
-- Name: FUNCTION claim_next_call(p_agent_id bigint, p_at timestamp with time zone, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.claim_next_call(p_agent_id bigint, p_at timestamp with time zone, p_request_id text) IS 'The next call of an agent at p_at, claimed; no row when the list holds none: a notice then says whether the list is
done or its calls wait for their hour, and for which. Calls whose hour has come are first,
then the agent''s own in the order of the list, then, while the agent''s day has room, those of nobody. Sessions at
once never get the same task; each call of the function claims another one. A claim that is neither settled nor begun
within settings.claim_timeout returns to the list. Tasks out of their hours are passed over; where the customer may
not be called any more today, the task is cancelled with the reason. p_request_id again answers the same task. TC003
no agent, TC004 no such user, TC106 request id, TC201 not an active crm_agent, TC207 absent that day.';

--
-- Name: clear_wrong_number(bigint, text, timestamp with time zone); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.clear_wrong_number(p_customer_id bigint, p_phone text, p_at timestamp with time zone DEFAULT now()) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_customer_id bigint := trustcart_private.require_customer(p_customer_id);
    v_phone text := trustcart_private.phone_key(p_phone, trustcart.normalize_phone(p_phone));
begin
    if v_phone is null then
        raise exception using
            errcode = 'TC003',
            message = 'phone is required',
            hint = 'Give the number that is right after all.';
    end if;
    update trustcart.customer_phone_flags as f
    set cleared_at = greatest(coalesce(p_at, now()), f.flagged_at)
    where f.customer_id = v_customer_id and f.phone = v_phone and f.cleared_at is null;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('%s of customer %s is not flagged', v_phone, v_customer_id),
            hint = 'Flagged are the rows of trustcart.customer_phone_flags without cleared_at.';
    end if;
    return v_phone;
end;
$$;

--
-- Name: FUNCTION clear_wrong_number(p_customer_id bigint, p_phone text, p_at timestamp with time zone); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.clear_wrong_number(p_customer_id bigint, p_phone text, p_at timestamp with time zone) IS 'Takes back flag_wrong_number(): the number, written in any way, is right after all and is called again; its flag stays
as history. Returns the number as flags know it. TC003 missing, TC004 no such customer, or the number is not flagged.';

--
-- Name: complete_call_task(bigint, text, text, date, bigint, time without time zone, time without time zone, jsonb, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text DEFAULT NULL::text, p_follow_up_date date DEFAULT NULL::date, p_agent_id bigint DEFAULT NULL::bigint, p_preferred_from time without time zone DEFAULT NULL::time without time zone, p_preferred_until time without time zone DEFAULT NULL::time without time zone, p_family_member jsonb DEFAULT NULL::jsonb, p_request_id text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id,
        'complete_call_task',
        jsonb_build_array(
            p_task_id, p_outcome, p_notes, p_follow_up_date, p_agent_id, p_preferred_from, p_preferred_until,
            p_family_member
        ),
        p_task_id
    );
    v_task trustcart.crm_call_tasks;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    perform trustcart_private.lock_customer_of_task(p_task_id);
    v_task := trustcart_private.lock_open_task(p_task_id);
    if nullif(btrim(p_outcome), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'outcome is required',
            hint = 'Begin with a word of trustcart.call_outcomes: successful, no_answer, follow_up_needed ...';
    end if;
    if p_follow_up_date is not null
        and trustcart_private.require_date(p_follow_up_date) <= trustcart.business_date() then
        raise exception using
            errcode = 'TC204',
            message = format('follow_up_date %s is not after today', p_follow_up_date),
            hint = 'Give a later date, or none: the outcome follow_up_needed alone is due the next working day.';
    end if;
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
    end if;

    if p_preferred_from is not null or p_preferred_until is not null then
        perform trustcart.set_contact_preferences(
            p_customer_id => v_task.customer_id,
            p_preferred_from => p_preferred_from,
            p_preferred_until => p_preferred_until
        );
    end if;
    if p_family_member is not null then
        perform trustcart_private.learn_family_member(v_task.customer_id, p_family_member);
    end if;
    return trustcart_private.finish_call_task(p_task_id, p_outcome, p_notes, p_follow_up_date, p_agent_id);
end;
$$;

--
-- Name: FUNCTION complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_family_member jsonb, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_family_member jsonb, p_request_id text) IS 'Completes a pending task with its outcome, whose first word decides, and writes the interaction and the attempt
along; an outcome that says so in call_outcomes flags the number. p_notes null keeps the notes; p_agent_id is who
called, if not whom it was assigned to; p_preferred_from and p_preferred_until are the hours the customer wishes to
be called at, and p_family_member {"name", "relationship", "date_of_birth", "anniversary_date", "phone"} whom they
told of. p_request_id again does nothing again. Returns the task. TC001 date, TC002 unknown key of the family member,
TC003 without id, outcome, or the family member''s name or relationship, TC004 no such task or user, TC005 family
member no object, TC101, TC102, TC103 when it is closed, TC106 request id, TC201 agent, TC204 follow_up_date not
after today.';

--
-- Name: create_call_task(bigint, text, text, date, bigint, text, timestamp with time zone, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text DEFAULT NULL::text, p_task_date date DEFAULT NULL::date, p_assigned_agent_id bigint DEFAULT NULL::bigint, p_notes text DEFAULT NULL::text, p_due_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_request_id text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id,
        'create_call_task',
        jsonb_build_array(
            p_customer_id, p_task_type, p_priority, p_task_date, p_assigned_agent_id, p_notes,
            extract(epoch from p_due_at)
        )
    );
    v_today date := trustcart.business_date();
    v_settings trustcart.settings;
    v_customer trustcart.customers;
    v_type trustcart.call_task_types;
    v_due_on date;
    v_task_date date;
    v_now timestamptz := clock_timestamp();
    v_agent_id bigint;
    v_id bigint;
begin
    if v_earlier.request_id is not null then
        return v_earlier.task_id;
    end if;
    if p_customer_id is null or nullif(btrim(p_task_type), '') is null then
        raise exception using
            errcode = 'TC003',
            message = format('%s is required', case when p_customer_id is null then 'customer_id' else 'task_type' end),
            hint = 'A call task needs customer_id and task_type.';
    end if;
    select s.* into v_settings from trustcart.settings as s;
    select c.* into v_customer from trustcart.customers as c where c.id = p_customer_id;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'Take the id from trustcart.customers.';
    elsif not v_customer.is_active then
        raise exception using
            errcode = 'TC202',
            message = format('customer %s is inactive', p_customer_id),
            hint = 'Nobody calls a closed account; set customers.is_active if it is open again.';
    end if;
    if exists (select from trustcart_private.call_refusals(v_now, p_customer_id) as r) then
        raise exception using
            errcode = 'TC208',
            message = format('customer %s does not want to be called', p_customer_id),
            hint = 'Record a new consent in trustcart.customer_consents when the customer allows calls again.';
    end if;
    select t.* into v_type from trustcart.call_task_types as t where t.task_type = p_task_type;
    if not found then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a type of call task', p_task_type),
            hint = format(
                'Known are %s; new ones are rows of trustcart.call_task_types.',
                (select string_agg(t.task_type, ', ' order by t.rank) from trustcart.call_task_types as t)
            );
    elsif not v_type.is_enabled then
        raise exception using
            errcode = 'TC203',
            message = format('call tasks of type %s are disabled', p_task_type),
            hint = 'Enable the type in trustcart.call_task_types, or choose another.';
    end if;
    if p_priority not in ('hot', 'warm', 'cold') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a priority', p_priority),
            hint = 'Known are hot, warm, cold; without one it follows from the customer and the type.';
    end if;

    v_due_on := (p_due_at at time zone v_settings.time_zone)::date;
    v_task_date := trustcart_private.require_date(coalesce(p_task_date, v_due_on, v_today));
    if v_task_date < v_today or p_due_at < now() then
        raise exception using
            errcode = 'TC204',
            message = case
                when v_task_date < v_today then format('task_date %s is past', v_task_date)
                else format('due_at %s is past', p_due_at)
            end,
            hint = 'A call can be planned for today or later.';
    elsif v_due_on <> v_task_date then
        raise exception using
            errcode = 'TC005',
            message = format('due_at falls on %s, the task on %s', v_due_on, v_task_date),
            hint = 'Give one of the two, or both for one day.';
    end if;

    -- Whoever is chosen may be full by the time the call gets there: then the next one, and in the end the pool. An
    -- agent that was asked for is an agent or an error.
    for v_try in 1..10 loop
        v_agent_id := case
            when p_assigned_agent_id is not null then trustcart_private.require_agent(p_assigned_agent_id)
            when v_try < 10
                then trustcart_private.agent_for_call(p_customer_id, v_task_date, v_type.required_skill)
        end;
        begin
            insert into trustcart.crm_call_tasks (
                customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, due_at, why_agent
            )
            values (
                p_customer_id,
                v_agent_id,
                p_task_type,
                coalesce(
                    p_priority,
                    (array['hot', 'warm', 'cold'])[
                        least(
                            array_position(array['hot', 'warm', 'cold'], v_type.base_priority),
                            case
                                when
                                    v_customer.order_count >= v_settings.vip_order_count
                                    or v_customer.total_spend >= v_settings.vip_spend
                                    then 1
                                when v_customer.lifecycle_stage = 'at_risk' then 2
                                else 3
                            end
                        )
                    ]
                ),
                v_task_date,
                p_notes,
                'manual',
                p_due_at,
                case
                    when v_agent_id is null then 'nobody has room'
                    when p_assigned_agent_id is not null then 'asked for'
                    when v_agent_id = v_customer.assigned_agent_id then 'the customer''s own agent'
                    else 'the least loaded agent'
                end
            )
            returning id into v_id;
            update trustcart_private.call_requests as r set task_id = v_id where r.request_id = p_request_id;
            return v_id;
        exception
            when sqlstate 'TC201' or sqlstate 'TC206' or sqlstate 'TC207' then
                if p_assigned_agent_id is not null then
                    raise;
                end if;
        end;
    end loop;
end;
$$;

--
-- Name: FUNCTION create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone, p_request_id text) IS 'Creates a call task by hand, of any enabled type; returns its id. p_priority defaults to that of the customer, at least
the type''s; p_task_date to the day of p_due_at, else today; p_assigned_agent_id to the customer''s own agent, else the
least loaded who works that day, has room and suits; when there is none the call waits in the pool, unassigned.
p_request_id again returns the same id and creates nothing. TC001 date, TC002 type or priority, TC003 missing, TC004 no such customer or user, TC005 dates that disagree, TC106 request id, TC201 agent,
TC202 customer inactive, TC203 type disabled, TC204 past, TC206 the agent given has no room, TC207 is away, TC208 the
customer refused calls (guide: "createCallTask").';

--
-- Name: require_date(date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.require_date(p_date date) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if p_date >= '1900-01-01' and p_date < '2200-01-01' then
        return p_date;
    end if;
    raise exception using
        errcode = 'TC001',
        message = format('%s is not a business date', coalesce(p_date::text, 'null')),
        hint = 'Give a date between 1900-01-01 and 2199-12-31, as YYYY-MM-DD.';
end;
$$;

--
-- Name: FUNCTION require_date(p_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.require_date(p_date date) IS 'The date given, or TC001 when it is null, infinite or out of any shop''s lifetime.';

--
-- Name: risk_level_of(integer, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.risk_level_of(p_days integer, p_settings trustcart.settings) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_days > (p_settings).dropoff_critical_after_days) THEN 'critical'::text
             WHEN (p_days > (p_settings).dropoff_high_after_days) THEN 'high'::text
             WHEN (p_days > (p_settings).dropoff_medium_after_days) THEN 'medium'::text
             WHEN (p_days > (p_settings).dropoff_low_after_days) THEN 'low'::text
             ELSE NULL::text
         END AS risk_level;
END;

--
-- Name: FUNCTION risk_level_of(p_days integer, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.risk_level_of(p_days integer, p_settings trustcart.settings) IS 'Dropoff risk from the days since the last counted order; null while there is none.';

--
-- Name: customer_state(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.customer_state(p_as_of date DEFAULT trustcart.business_date()) RETURNS TABLE(customer_id bigint, order_count integer, total_spend numeric, first_order_date date, last_order_date date, days_since_last_order integer, customer_type text, lifecycle_stage text, priority_level text, risk_level text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT c.id AS customer_id,
     COALESCE(o.order_count, 0) AS order_count,
     COALESCE(o.total_spend, (0)::numeric) AS total_spend,
     o.first_order_date,
     o.last_order_date,
     (customer_state.p_as_of - o.last_order_date) AS days_since_last_order,
     trustcart_private.customer_type_of(COALESCE(o.order_count, 0), o.total_spend, (customer_state.p_as_of - o.last_order_date), s.*) AS customer_type,
     trustcart_private.lifecycle_stage_of(COALESCE(o.order_count, 0), (customer_state.p_as_of - o.last_order_date), s.*) AS lifecycle_stage,
     trustcart_private.priority_level_of((customer_state.p_as_of - o.last_order_date), s.*) AS priority_level,
     trustcart_private.risk_level_of((customer_state.p_as_of - o.last_order_date), s.*) AS risk_level
    FROM ((trustcart.customers c
      LEFT JOIN ( SELECT so.customer_id,
             (count(*))::integer AS order_count,
             sum(so.total_amount) AS total_spend,
             min(so.order_date) AS first_order_date,
             max(so.order_date) AS last_order_date
            FROM (trustcart.sales_orders so
              JOIN trustcart.order_statuses os ON (((so.status = os.status) AND os.counts)))
           WHERE (so.order_date <= customer_state.p_as_of)
           GROUP BY so.customer_id) o ON ((c.id = o.customer_id)))
      CROSS JOIN trustcart.settings s)
   WHERE (trustcart_private.require_date(customer_state.p_as_of) IS NOT NULL);
END;

--
-- Name: FUNCTION customer_state(p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.customer_state(p_as_of date) IS 'The state of every customer as of a date, past or future, counted from scratch from the orders up to it. Writes
nothing: what a plan, a replay or a report of another day reads. Amounts in taka. Errors: TC001.';

--
-- Name: detect_dropoffs(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.detect_dropoffs(p_as_of date DEFAULT trustcart.business_date()) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_clock trustcart_private.customer_state_clock;
    v_settings trustcart.settings;
    v_closed integer;
    v_raised integer;
    v_opened integer;
    v_levels jsonb;
begin
    select k.* into v_clock from trustcart_private.customer_state_clock as k for update;
    select s.* into v_settings from trustcart.settings as s;
    if v_as_of < v_clock.dropoffs_as_of then
        raise exception using
            errcode = 'TC104',
            message = format('dropoffs were detected up to %s already and do not go back to %s',
                v_clock.dropoffs_as_of, v_as_of),
            hint = 'Read a past date with customer_state(date); to replay history from it, run '
            'refresh_customer_state(date, p_rewind => true) first.';
    end if;

    -- Orders close their customers' episodes themselves; those dated ahead of the state do it on their day.
    v_closed := trustcart_private.sync_dropoffs(
        array(
            select d.customer_id
            from trustcart.customer_dropoff_tracking as d
            inner join trustcart.customers as c on d.customer_id = c.id
            where
                d.closed_on is null
                and (
                    c.state_as_of > v_as_of
                    or c.next_order_date <= v_as_of
                    or c.last_order_date > d.last_active_date
                )
            order by d.customer_id
        ),
        v_as_of
    );
    v_raised := trustcart_private.relevel_dropoffs(v_as_of);

    -- An order that is being placed right now either waits for the episode and closes it, or prevents it.
    perform c.id
    from trustcart.customers as c
    where
        c.last_order_date < v_as_of - v_settings.dropoff_low_after_days
        and not exists (
            select
            from trustcart.customer_dropoff_tracking as d
            where d.customer_id = c.id and d.last_active_date = c.last_order_date
        )
    order by c.id
    for no key update;

    with silences as (
        -- Those that last.
        select
            c.id as customer_id,
            l.last_order_date as last_active_date,
            null::date as closed_on,
            v_as_of as last_silent_date
        from trustcart.customers as c
        left join lateral (
            -- Where the maintained date does not speak of p_as_of, the orders do.
            select max(so.order_date) as order_date
            from trustcart.sales_orders as so
            inner join trustcart.order_statuses as os on so.status = os.status and os.counts
            where
                so.customer_id = c.id
                and so.order_date <= v_as_of
                and (c.last_order_date > v_as_of or c.next_order_date <= v_as_of)
        ) as counted on true
        cross join lateral (
            select
                case
                    when c.last_order_date > v_as_of or c.next_order_date <= v_as_of then counted.order_date
                    else c.last_order_date
                end as last_order_date
        ) as l
        union all
        -- Those that began and ended on days for which the job did not run.
        select distinct
            so.customer_id,
            former.order_date,
            so.order_date,
            so.order_date - 1
        from trustcart.sales_orders as so
        inner join trustcart.order_statuses as os on so.status = os.status and os.counts
        cross join lateral (
            select max(f.order_date) as order_date
            from trustcart.sales_orders as f
            inner join trustcart.order_statuses as fs on f.status = fs.status and fs.counts
            where f.customer_id = so.customer_id and f.order_date < so.order_date
        ) as former
        where
            v_as_of > v_clock.dropoffs_as_of + 1
            and so.order_date between v_clock.dropoffs_as_of + 2 and v_as_of
            and former.order_date + v_settings.dropoff_low_after_days + 1
            between v_clock.dropoffs_as_of + 1 and so.order_date - 1
    ),

    episodes as (
        select
            s.*,
            t.risk_level,
            t.after_days,
            exists (
                select
                from trustcart.customer_interactions as i
                where
                    i.customer_id = s.customer_id
                    and i.direction = 'outbound'
                    and (i.interaction_date at time zone v_settings.time_zone)::date
                    between s.last_active_date + v_settings.dropoff_low_after_days + 1
                    and coalesce(s.closed_on, v_as_of)
            ) as was_attempted
        from silences as s
        inner join trustcart_private.dropoff_levels(v_settings) as t
            on t.risk_level = trustcart_private.risk_level_of(s.last_silent_date - s.last_active_date, v_settings)
        where
            not exists (
                select
                from trustcart.customer_dropoff_tracking as d
                where d.customer_id = s.customer_id and d.last_active_date = s.last_active_date
            )
    )

    insert into trustcart.customer_dropoff_tracking (
        customer_id, last_active_date, days_inactive, risk_level, reason, opened_on, level_as_of,
        recovery_attempted, closed_on, close_reason, recovery_successful
    )
    select
        e.customer_id,
        e.last_active_date,
        e.after_days + 1,
        e.risk_level,
        trustcart_private.dropoff_reason_of(e.after_days),
        e.last_active_date + v_settings.dropoff_low_after_days + 1,
        e.last_active_date + e.after_days + 1,
        e.was_attempted,
        e.closed_on,
        case when e.closed_on is not null then 'order' end,
        e.was_attempted and e.closed_on is not null
    from episodes as e
    order by e.customer_id, e.last_active_date
    on conflict (customer_id, last_active_date) do nothing;
    get diagnostics v_opened = row_count;

    if v_clock.dropoffs_as_of is distinct from v_as_of then
        update trustcart_private.customer_state_clock as k set dropoffs_as_of = v_as_of;
    end if;
    select jsonb_object_agg(d.risk_level, d.episodes)
    into v_levels
    from (
        select
            e.risk_level,
            count(*) as episodes
        from trustcart.customer_dropoff_tracking as e
        where e.closed_on is null
        group by e.risk_level
    ) as d;
    return jsonb_build_object(
        'as_of', v_as_of, 'opened', v_opened, 'raised', v_raised, 'closed', v_closed,
        'open', coalesce(v_levels, '{}')
    );
end;
$$;

--
-- Name: FUNCTION detect_dropoffs(p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.detect_dropoffs(p_as_of date) IS 'Daily job (guide: "At-Risk Customer Detection"): opens an episode for every customer silent for longer than the first
threshold and gives the open ones the level of p_as_of. Run again, it writes nothing. Moves forward only (TC104).
Returns {"as_of", "opened", "raised", "closed", "open": {level: episodes}}.';

--
-- Name: drop_reason(text, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.drop_reason(p_why text, p_task_type text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    -- Of several reasons that of the call it would have been, else the first.
    v_part text := coalesce(
        substring(p_why from '\m' || p_task_type || ': ([^;]*)'),
        split_part(p_why, '; ', 1)
    );
begin
    return case
        when p_why like 'no capacity%' then 'no capacity'
        when v_part like 'cadence exhausted%' then 'cadence exhausted'
        when v_part like 'called on %' then concat_ws(' ', 'called', substring(v_part from 'less than \d+ days ago'))
        when v_part like 'contacted % times %' then 'contacted often enough in seven days'
        when v_part like 'has a task already%' then 'has a task already'
        when v_part like 'planned for %' then 'not called in time'
        else regexp_replace(v_part, ' on \d{4}-\d{2}-\d{2}', '')
    end;
end;
$$;

--
-- Name: FUNCTION drop_reason(p_why text, p_task_type text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.drop_reason(p_why text, p_task_type text) IS 'What plan_daily_call_tasks() says in why of a dropped candidate, without what differs from customer to customer (dates,
counts), to group by: the reason against a call of p_task_type where several are given, else the first. Null for null.';

--
-- Name: find_caller(text, date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.find_caller(p_phone text, p_as_of date DEFAULT trustcart.business_date()) RETURNS TABLE(customer_id bigint, customer_name text, matched_name text, matched_as text, customer_type text, lifecycle_stage text, priority_level text, last_order_date date, days_since_last_order integer, assigned_agent_id bigint, agent_name text, open_task_id bigint, open_task_type text, is_active boolean, do_not_call boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_phone text := trustcart.normalize_phone(p_phone);
begin
    if nullif(btrim(p_phone), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'phone is required',
            hint = 'Give the number that rings in.';
    elsif v_phone is null then
        raise exception using
            errcode = 'TC005',
            message = format('%L cannot be read as a phone number', p_phone),
            hint = 'Write it as 01712345678, or with + and the code of its country.';
    end if;
    return query
    select
        c.id,
        nullif(concat_ws(' ', c.first_name, c.last_name), ''),
        coalesce(f.name, nullif(concat_ws(' ', c.first_name, c.last_name), '')),
        coalesce('family: ' || f.relationship, 'customer'),
        c.customer_type,
        c.lifecycle_stage,
        c.priority_level,
        c.last_order_date,
        v_as_of - c.last_order_date,
        c.assigned_agent_id,
        u.name,
        t.id,
        t.task_type,
        c.is_active,
        coalesce(not r.granted, false)
    from (
        -- A number entered twice, as phone and as mobile, is one caller.
        select distinct
            b.customer_id,
            b.family_member_id
        from trustcart_private.phone_book as b
        where b.phone_e164 = v_phone
    ) as m
    inner join trustcart.customers as c on m.customer_id = c.id
    left join trustcart.customer_family_members as f on m.family_member_id = f.id
    left join trustcart.users as u on c.assigned_agent_id = u.id
    left join lateral (
        select
            k.id,
            k.task_type
        from trustcart.crm_call_tasks as k
        where k.customer_id = m.customer_id and k.task_date = v_as_of and k.status = 'pending'
        order by k.priority_rank asc, k.list_position asc nulls first, k.id asc
        limit 1
    ) as t on true
    left join lateral (
        select n.granted
        from trustcart.customer_consents as n
        where n.customer_id = m.customer_id and n.channel = 'call' and n.recorded_at <= now()
        order by n.recorded_at desc, n.id desc
        limit 1
    ) as r on true
    order by
        (m.family_member_id is not null) asc, c.is_active desc, c.last_order_date desc nulls last, c.id asc, f.id asc;
end;
$$;

--
-- Name: FUNCTION find_caller(p_phone text, p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.find_caller(p_phone text, p_as_of date) IS 'Who rings in: each customer with this number, and each family member, as a minimal card with the call that is open for
them on p_as_of. Own numbers come before those of family, active customers before closed accounts, the latest order
first; no row when nobody has the number. TC001 date, TC003 without a number, TC005 when it cannot be one.';

--
-- Name: flag_wrong_number(bigint, bigint, timestamp with time zone); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.flag_wrong_number(p_customer_id bigint, p_task_id bigint DEFAULT NULL::bigint, p_at timestamp with time zone DEFAULT now()) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_customer_id bigint := trustcart_private.require_customer(p_customer_id);
    v_phone text := trustcart_private.number_to_dial(v_customer_id);
    v_task_customer_id bigint;
begin
    if p_task_id is not null then
        select t.customer_id into v_task_customer_id from trustcart.crm_call_tasks as t where t.id = p_task_id;
        if not found then
            raise exception using
                errcode = 'TC004',
                message = format('there is no call task %s', p_task_id),
                hint = 'Take the id from the call list.';
        elsif v_task_customer_id <> v_customer_id then
            raise exception using
                errcode = 'TC005',
                message = format('call task %s is not of customer %s', p_task_id, v_customer_id),
                hint = format('It is of customer %s.', v_task_customer_id);
        end if;
    end if;
    -- Of two sessions that report one call, the second waits here and finds the number flagged.
    insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at, task_id)
    select
        v_customer_id,
        trustcart_private.phone_key(v_phone, trustcart.normalize_phone(v_phone)),
        coalesce(p_at, now()),
        p_task_id
    where v_phone is not null
    on conflict (customer_id, phone) where cleared_at is null do nothing;
    return v_phone;
end;
$$;

--
-- Name: FUNCTION flag_wrong_number(p_customer_id bigint, p_task_id bigint, p_at timestamp with time zone); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.flag_wrong_number(p_customer_id bigint, p_task_id bigint, p_at timestamp with time zone) IS 'Flags the number at which agents call a customer as wrong: phone, and once that is flagged, mobile. Returns it as
typed; null, and nothing is flagged, when no number is left. p_task_id is the call that found it out. TC003 without a
customer, TC004 no such customer or task, TC005 a task of another customer.';

--
-- Name: generate_daily_call_tasks(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.generate_daily_call_tasks(p_task_date date DEFAULT trustcart.business_date()) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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

--
-- Name: FUNCTION generate_daily_call_tasks(p_task_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date date) IS 'Daily job (guide: "Daily Call Task Generation"): writes the kept rows of plan_daily_call_tasks() as pending tasks, at
most one generated task a customer and day. Pending calls of past days are closed as carried and go on in the task of
this day that names them, or expire by type; without a place they wait. Run again, or by two sessions at once, it writes
only what is missing and changes no task of the day. Nobody gets a task whom somebody has called on that day already, or
whose agent has no room left. Returns {"message", "breakdown": tasks written by type, "task_date", "created",
"already_there", "dropped", "no_capacity", "carried", "expired", "overtaken": cancelled at once, for the customer has
ordered since, "total": the generated tasks of the date}. TC001 for the
date.';

--
-- Name: generate_daily_call_tasks(text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.generate_daily_call_tasks(p_task_date text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return trustcart.generate_daily_call_tasks(trustcart_private.parse_date(p_task_date));
end;
$$;

--
-- Name: FUNCTION generate_daily_call_tasks(p_task_date text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date text) IS 'The same for a date written as YYYY-MM-DD, as the guide calls it. TC001 when it is none.';

--
-- Name: log_call_attempt(bigint, text, text, bigint, timestamp with time zone, timestamp with time zone, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.log_call_attempt(p_task_id bigint, p_outcome text, p_notes text DEFAULT NULL::text, p_agent_id bigint DEFAULT NULL::bigint, p_due_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_at timestamp with time zone DEFAULT now(), p_request_id text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id,
        'log_call_attempt',
        jsonb_build_array(p_task_id, p_outcome, p_notes, p_agent_id, extract(epoch from p_due_at)),
        p_task_id
    );
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_due_on date := (p_due_at at time zone v_time_zone)::date;
    v_task trustcart.crm_call_tasks;
    v_rule trustcart.call_outcomes;
    v_attempts integer;
    v_again_at timestamptz;
    v_attempt_id bigint;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    perform trustcart_private.lock_customer_of_task(p_task_id);
    v_task := trustcart_private.lock_open_task(p_task_id);
    if nullif(btrim(p_outcome), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'outcome is required',
            hint = 'Begin with a word of trustcart.call_outcomes, which says what follows: no_answer, busy ...';
    end if;
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
    end if;
    select o.* into v_rule
    from trustcart.call_outcomes as o
    where o.outcome = trustcart_private.outcome_word(p_outcome);
    if p_due_at is not null then
        perform trustcart_private.require_date(v_due_on);
        if p_due_at <= p_at then
            raise exception using
                errcode = 'TC204',
                message = format('due_at %s is past', p_due_at),
                hint = 'Give the hour of the next call, or none.';
        elsif (v_rule.next_step in ('retry', 'follow_up')) is not true then
            raise exception using
                errcode = 'TC005',
                message = format('after %L there is no next call for due_at', btrim(p_outcome)),
                hint = 'Leave due_at out, or give the outcome follow_up_needed.';
        end if;
    end if;

    select count(*) + 1 into v_attempts from trustcart.crm_call_attempts as a where a.task_id = p_task_id;
    v_again_at := case
        when v_rule.next_step = 'retry' and v_attempts < v_rule.max_attempts
            then coalesce(p_due_at, p_at + v_rule.retry_after)
        when v_rule.next_step = 'follow_up' then p_due_at
    end;
    if (v_again_at at time zone v_time_zone)::date = v_task.task_date
        and (v_again_at < v_task.call_from) is not true
        and (v_again_at >= v_task.call_until) is not true
        and (select r.reason from trustcart_private.refusal_of_call(v_task.customer_id, v_again_at) as r) is null
    then
        insert into trustcart.crm_call_attempts (attempted_at, task_id, customer_id, agent_id, outcome, notes, due_at)
        values (
            p_at, p_task_id, v_task.customer_id,
            coalesce(p_agent_id, v_task.claimed_by, v_task.assigned_agent_id), btrim(p_outcome), p_notes, v_again_at
        )
        returning id into v_attempt_id;
        update trustcart.crm_call_tasks as t
        set
            due_at = v_again_at,
            notes = coalesce(p_notes, t.notes),
            claimed_by = null,
            claimed_at = null,
            started_at = null,
            before_outcome = jsonb_build_object(
                'attempt_id', v_attempt_id,
                'attempted_at', p_at,
                'notes', t.notes,
                'due_at', t.due_at,
                'started_at', t.started_at,
                'claimed_by', t.claimed_by,
                'claimed_at', t.claimed_at
            )
        where t.id = p_task_id
        returning t.* into v_task;
        return v_task;
    end if;

    v_task := trustcart_private.finish_call_task(
        p_task_id,
        p_outcome,
        p_notes,
        case when v_due_on > greatest(v_task.task_date, (p_at at time zone v_time_zone)::date) then v_due_on end,
        p_agent_id
    );
    if v_task.follow_up_date is not null then
        -- The day is the interaction's, the hour the attempt's.
        update trustcart.crm_call_attempts as a
        set due_at = p_due_at
        where a.task_id = p_task_id and a.attempted_at = v_task.completed_at and p_due_at > a.attempted_at;
    end if;
    return v_task;
end;
$$;

--
-- Name: FUNCTION log_call_attempt(p_task_id bigint, p_outcome text, p_notes text, p_agent_id bigint, p_due_at timestamp with time zone, p_at timestamp with time zone, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.log_call_attempt(p_task_id bigint, p_outcome text, p_notes text, p_agent_id bigint, p_due_at timestamp with time zone, p_at timestamp with time zone, p_request_id text) IS 'Somebody rang the customer up at p_at; what follows is what trustcart.call_outcomes says of the outcome''s first
word. A retry, while there are attempts left and its hour (p_due_at, else retry_after from now) is still of the
task''s day and within the hours the customer may be called at, leaves the task pending, due at that hour and
unclaimed; so does an hour of the same day agreed upon with follow_up_needed. Else the task is completed with the
outcome, as by complete_call_task(); an agreed hour of a later day is its follow-up. An attempt is a row of
crm_call_attempts. p_request_id again does nothing again. Returns the task. TC001 date, TC003 without id or outcome,
TC004 no such task or user, TC005 p_due_at where no call follows, TC101, TC102, TC103 when the task is closed, TC106
request id, TC201 agent, TC204 p_due_at not after p_at.';

--
-- Name: normalize_phone(text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.normalize_phone(p_phone text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $_$
declare
    v_digits text;
begin
    if p_phone ~ '^01[3-9][0-9]{8}$' then
        return '+88' || p_phone;
    end if;
    -- What people write between the digits; a comma or a slash separates two numbers, so it stays and fails below.
    v_digits := regexp_replace(translate(p_phone, '০১২৩৪৫৬৭৮৯', '0123456789'), '[\s().–—‑-]', '', 'g');
    return case
        -- Mobiles of Bangladesh: 01…, without its 0 as spreadsheets leave it, with the country code, with both.
        when v_digits ~ '^((\+|00)?880)?0?1[3-9][0-9]{8}$' then '+880' || right(v_digits, 10)
        -- Landlines of Bangladesh, area code included.
        when v_digits ~ '^0[2-9][0-9]{6,9}$' then '+880' || substr(v_digits, 2)
        when v_digits ~ '^(\+|00)?8800?[2-9][0-9]{6,9}$' then '+880' || substring(v_digits, '^\+?0*8800?(.*)$')
        -- Any other country, which only its code tells.
        when v_digits ~ '^(\+|00)880' then null
        when v_digits ~ '^\+[1-9][0-9]{7,14}$' then v_digits
        when v_digits ~ '^00[1-9][0-9]{7,14}$' then '+' || substr(v_digits, 3)
    end;
end;
$_$;

--
-- Name: FUNCTION normalize_phone(p_phone text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.normalize_phone(p_phone text) IS 'A phone number as typed, in E.164: Bangla digits, 01..., 1..., 8801..., +8801..., 008801... and landlines of
Bangladesh, and any number written with + or 00 and its country code. Null when it cannot be one.';

--
-- Name: plan_daily_call_tasks(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.plan_daily_call_tasks(p_task_date date DEFAULT trustcart.business_date()) RETURNS TABLE(customer_id bigint, task_type text, priority text, reasons jsonb, agent_id bigint, decision text, why text, priority_rank smallint, why_agent text, notes text, order_count integer, total_spend numeric, last_order_date date, days_since_last_order integer, customer_type text, lifecycle_stage text, list_position integer, call_from timestamp with time zone, call_until timestamp with time zone, carried_from bigint[], first_planned_on date, due_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100000 PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_date date := trustcart_private.require_date(p_task_date);
    v_settings trustcart.settings;
begin
    select s.* into v_settings from trustcart.settings as s;
    return query
    select p.*
    from trustcart_private.call_plan(
        v_date, v_settings, array(select t from trustcart.call_task_types as t order by t.rank), v_date, null
    ) as p;
end;
$$;

--
-- Name: FUNCTION plan_daily_call_tasks(p_task_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.plan_daily_call_tasks(p_task_date date) IS 'The call list of a date before it is written, a row a candidate (DESIGN, "Daily call generation"): task_type, priority
(priority_rank 1 hot, 2 warm, 3 cold), all reasons in rank with their facts, agent_id and why_agent, decision kept or
dropped and why, list_position: the place in the list, call_from and call_until where hours are limited, carried_from:
the tasks of past days that it carries on, first_planned_on, due_at: the hour that was agreed. Dropped for want of a place: why begins with "no capacity".
Knows orders, contacts and outcomes dated before p_task_date only, so that it is the same whenever asked for; tasks
generated for the date do not change it. Days count to p_task_date; amounts in taka. Writes nothing. TC001 for the date.';

--
-- Name: reassign_agent_calls(bigint, date, date, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.reassign_agent_calls(p_agent_id bigint, p_from date, p_until date, p_why text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_from date := greatest(trustcart_private.require_date(p_from), trustcart.business_date());
    v_until date := trustcart_private.require_date(p_until);
    v_why text := coalesce(nullif(btrim(p_why), ''), format('taken from agent %s', p_agent_id));
    v_run record;
    v_given integer;
    v_moved integer;
    v_reassigned integer := 0;
    v_to_pool integer := 0;
begin
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agent_id is required',
            hint = 'Say whose calls go to others.';
    elsif not exists (select from trustcart.users as u where u.id = p_agent_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', p_agent_id),
            hint = 'Take the id from trustcart.users.';
    elsif v_until < p_from then
        raise exception using
            errcode = 'TC005',
            message = format('the days end on %s, before they begin on %s', v_until, p_from),
            hint = 'Give the first day and the last, which is included.';
    end if;

    -- One hands over at a time, else two who leave at once would hand their calls to each other. Then in the order in
    -- which whoever changes a task goes: tasks, agents, days. No call comes once the agent is ours, but one may have
    -- come while we waited: hence the second pass.
    perform pg_advisory_xact_lock(hashtextextended('trustcart.reassign_agent_calls', 0));
    for v_pass in 1..2 loop
        perform
        from trustcart.crm_call_tasks as t
        where
            t.assigned_agent_id = p_agent_id
            and t.task_date between v_from and v_until
            and t.status = 'pending'
        order by t.id
        for no key update;
        perform pg_advisory_xact_lock(hashtextextended('trustcart.agent_days', p_agent_id));
    end loop;
    insert into trustcart.agent_days as d (agent_id, work_date, calls, max_calls)
    select
        a.agent_id,
        y.task_date,
        0,
        a.max_calls
    from (
        select distinct t.task_date
        from trustcart.crm_call_tasks as t
        where
            t.assigned_agent_id = p_agent_id
            and t.task_date between v_from and v_until
            and t.status = 'pending'
            and t.started_at is null
    ) as y
    cross join lateral (
        select
            c.agent_id,
            c.max_calls
        from trustcart_private.agent_capacity(y.task_date) as c
        where c.max_calls > 0 and c.agent_id <> p_agent_id
        union all
        select
            p_agent_id,
            0
    ) as a
    order by a.agent_id, y.task_date
    on conflict (agent_id, work_date) do update set calls = d.calls;

    -- Runs of calls that ask for the same language and skill, in the order of the list: mostly one a day.
    for v_run in
        select
            r.task_date,
            r.language,
            r.skill,
            array_agg(r.id order by r.place) as task_ids
        from (
            select
                q.*,
                q.place - row_number() over (
                    partition by q.task_date, q.language, q.skill order by q.place
                ) as run
            from (
                select
                    t.id,
                    t.task_date,
                    p.language,
                    y.required_skill as skill,
                    row_number() over (
                        partition by t.task_date order by t.priority_rank, t.list_position nulls first, t.id
                    ) as place
                from trustcart.crm_call_tasks as t
                inner join trustcart.call_task_types as y on t.task_type = y.task_type
                left join trustcart.customer_contact_preferences as p on t.customer_id = p.customer_id
                where
                    t.assigned_agent_id = p_agent_id
                    and t.task_date between v_from and v_until
                    and t.status = 'pending'
                    and t.started_at is null
            ) as q
        ) as r
        group by r.task_date, r.language, r.skill, r.run
        order by r.task_date, min(r.place)
    loop
        with seats as (
            select
                a.agent_id,
                row_number() over (order by (n.seat - 1)::numeric / a.max_calls, a.agent_id) as place
            from (
                select
                    c.agent_id,
                    c.max_calls,
                    coalesce(d.calls, 0) as calls
                from trustcart_private.agent_capacity(v_run.task_date) as c
                left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = v_run.task_date
                where
                    c.agent_id <> p_agent_id
                    and c.max_calls > coalesce(d.calls, 0)
                    and trustcart_private.agent_suits(c.agent_id, v_run.language, v_run.skill)
            ) as a
            cross join lateral generate_series(
                a.calls + 1, least(a.max_calls, a.calls + cardinality(v_run.task_ids))
            ) as n (seat)
        ),

        moved as (
            update trustcart.crm_call_tasks as t
            set
                assigned_agent_id = s.agent_id,
                why_agent = case when s.agent_id is null then v_why || '; nobody has room' else v_why end,
                claimed_by = null,
                claimed_at = null
            from unnest(v_run.task_ids) with ordinality as i (task_id, place)
            left join seats as s on i.place = s.place
            where t.id = i.task_id
            returning t.assigned_agent_id
        )

        select
            count(m.assigned_agent_id),
            count(*)
        into v_given, v_moved
        from moved as m;
        v_reassigned := v_reassigned + v_given;
        v_to_pool := v_to_pool + v_moved - v_given;
    end loop;

    return jsonb_build_object('reassigned', v_reassigned, 'to_pool', v_to_pool);
end;
$$;

--
-- Name: FUNCTION reassign_agent_calls(p_agent_id bigint, p_from date, p_until date, p_why text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.reassign_agent_calls(p_agent_id bigint, p_from date, p_until date, p_why text) IS 'Hands the pending calls of an agent that were not begun, from today on and of the days given, the last included, to
others: day by day in the order of the list, each to the suitable agent whose day is filled the least for its size, as
long as there is room. The rest goes to the pool, unassigned. Claims are given back; customers keep their agent. p_why
is noted with each call. Returns {"reassigned", "to_pool"}. TC001 dates, TC003 no agent, TC004 no such user, TC005
days that end before they begin.';

--
-- Name: reassign_call_task(bigint, bigint, text, timestamp with time zone, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.reassign_call_task(p_task_id bigint, p_agent_id bigint, p_why text DEFAULT NULL::text, p_at timestamp with time zone DEFAULT now(), p_request_id text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'reassign_call_task', jsonb_build_array(p_task_id, p_agent_id, p_why), p_task_id
    );
    v_task trustcart.crm_call_tasks;
    v_other bigint;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agent_id is required',
            hint = 'Say who is going to call.';
    end if;
    perform trustcart_private.require_agent(p_agent_id);
    if v_task.started_at is not null then
        -- A call that was begun without a claim is its agent's.
        v_task.claimed_by := coalesce(v_task.claimed_by, v_task.assigned_agent_id);
        v_other := trustcart_private.claimed_by_another(v_task, p_agent_id, p_at);
        if v_other is not null then
            raise exception using
                errcode = 'TC109',
                message = format('call task %s is claimed by agent %s, who has begun it', p_task_id, v_other),
                hint = 'Wait until the call is settled; one that was left lying is free after settings.claim_timeout.';
        end if;
    end if;
    update trustcart.crm_call_tasks as t
    set
        assigned_agent_id = p_agent_id,
        why_agent = coalesce(nullif(btrim(p_why), ''), 'reassigned'),
        claimed_by = case when t.claimed_by = p_agent_id then t.claimed_by end,
        claimed_at = case when t.claimed_by = p_agent_id then t.claimed_at end,
        started_at = case when t.claimed_by = p_agent_id or t.assigned_agent_id = p_agent_id then t.started_at end
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;

--
-- Name: FUNCTION reassign_call_task(p_task_id bigint, p_agent_id bigint, p_why text, p_at timestamp with time zone, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.reassign_call_task(p_task_id bigint, p_agent_id bigint, p_why text, p_at timestamp with time zone, p_request_id text) IS 'Gives a pending task to another agent, whose claim on it ends the claims of others; p_why says why. p_request_id
again does nothing again. Returns the task. TC003 and TC004 for the ids, TC101, TC102, TC103 when the task is closed,
TC106 request id, TC109 another agent has begun the call, TC201 agent, TC206 the agent''s day is full, TC207 absent
that day.';

--
-- Name: recommended_action_of(text, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.recommended_action_of(p_lifecycle_stage text, p_customer_type text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_lifecycle_stage = 'at_risk'::text) THEN 'Send discount offer'::text WHEN (p_customer_type = 'vip'::text) THEN 'Personal call from manager'::text WHEN (p_customer_type = 'new'::text) THEN 'Welcome gift voucher'::text ELSE 'Regular follow-up'::text END;

--
-- Name: FUNCTION recommended_action_of(p_lifecycle_stage text, p_customer_type text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.recommended_action_of(p_lifecycle_stage text, p_customer_type text) IS 'What to do about a customer of a stage and a type (guide: recommended_action of "customer_intelligence"). Never null.';

--
-- Name: record_consent(bigint, text, boolean, text, bigint, timestamp with time zone); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.record_consent(p_customer_id bigint, p_channel text, p_granted boolean, p_source text DEFAULT NULL::text, p_recorded_by bigint DEFAULT NULL::bigint, p_recorded_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_customer_id bigint := trustcart_private.require_customer(p_customer_id);
    v_channel text := lower(btrim(p_channel));
    v_recorded_at timestamptz := coalesce(p_recorded_at, now());
    v_id bigint;
begin
    if nullif(v_channel, '') is null or p_granted is null then
        raise exception using
            errcode = 'TC003',
            message = format('%s is required', case when p_granted is null then 'granted' else 'channel' end),
            hint = 'Say what the consent is for, and whether it was given (true) or refused (false).';
    elsif v_channel not in ('call', 'sms', 'whatsapp', 'email', 'push') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a channel', p_channel),
            hint = 'Known are call, sms, whatsapp, email, push.';
    elsif v_recorded_at > clock_timestamp() or v_recorded_at < '1900-01-01 00:00+00' then
        raise exception using
            errcode = 'TC005',
            message = format('recorded_at %s is %s', v_recorded_at,
                case when v_recorded_at > clock_timestamp() then 'in the future' else 'out of any shop''s lifetime' end),
            hint = 'Give the instant at which the customer said so, or none for now.';
    elsif p_recorded_by is not null
        and not exists (select from trustcart.users as u where u.id = p_recorded_by) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', p_recorded_by),
            hint = 'Take the id from trustcart.users.';
    end if;
    insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at, recorded_by, source)
    values (v_customer_id, v_channel, p_granted, v_recorded_at, p_recorded_by, nullif(btrim(p_source), ''))
    returning id into v_id;
    return v_id;
end;
$$;

--
-- Name: FUNCTION record_consent(p_customer_id bigint, p_channel text, p_granted boolean, p_source text, p_recorded_by bigint, p_recorded_at timestamp with time zone); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.record_consent(p_customer_id bigint, p_channel text, p_granted boolean, p_source text, p_recorded_by bigint, p_recorded_at timestamp with time zone) IS 'Records that a customer allowed (p_granted true) or forbade a channel: call, sms, whatsapp, email or push; returns the
id of the row. The latest of a channel by recorded_at holds, so one of the past may be entered late. Forbidding calls
cancels those not begun yet, as a plain insert does. TC002 channel, TC003 missing, TC004 no such customer or user, TC005
recorded_at in the future.';

--
-- Name: refresh_customer_behavior(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.refresh_customer_behavior(p_as_of date DEFAULT trustcart.business_date()) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_settings trustcart.settings;
    v_end_of_day timestamptz;
    v_abandoned integer;
    v_ids bigint[];
    v_changed integer;
begin
    select s.* into v_settings from trustcart.settings as s;
    v_end_of_day := (v_as_of + 1)::timestamp at time zone v_settings.time_zone;

    -- A cart is abandoned at the instant its time ran out with no counted order since it was begun.
    with abandoned as (
        update trustcart.carts as k
        set abandoned_at = k.last_active_at + v_settings.cart_abandoned_after
        where
            k.order_id is null
            and k.abandoned_at is null
            and k.last_active_at + v_settings.cart_abandoned_after < least(v_end_of_day, now())
            and not exists (
                select
                from trustcart.sales_orders as o
                inner join trustcart.order_statuses as os on o.status = os.status and os.counts
                where
                    o.customer_id = k.customer_id
                    and o.order_date >= (k.created_at at time zone v_settings.time_zone)::date
                    and o.order_date <= (
                        (k.last_active_at + v_settings.cart_abandoned_after) at time zone v_settings.time_zone
                    )::date
            )
        returning k.customer_id
    ),

    -- A customer without an order has no row of behaviour until a cart asks for one.
    first_seen as (
        insert into trustcart.customer_behavior (customer_id)
        select distinct a.customer_id
        from abandoned as a
        where not exists (select from trustcart.customer_behavior as b where b.customer_id = a.customer_id)
        returning customer_id
    )

    select count(*)
    into v_abandoned
    from abandoned;

    v_ids := array(
        select b.customer_id
        from trustcart.customer_behavior as b
        where
            b.refresh_due
            or b.customer_id in (
                select k.customer_id
                from trustcart.carts as k
                where k.abandoned_at is not null and k.recovered_on is null
            )
        order by b.customer_id
        for no key update
    );

    -- An abandoned cart is recovered by the first counted order within the days allowed.
    update trustcart.carts as k
    set recovered_on = r.order_date
    from (
        select
            x.id,
            min(o.order_date) as order_date
        from trustcart.carts as x
        left join (
            trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status and os.counts
        ) on
            x.customer_id = o.customer_id
            and o.order_date <= v_as_of
            and o.order_date between (x.abandoned_at at time zone v_settings.time_zone)::date
            and (x.abandoned_at at time zone v_settings.time_zone)::date + v_settings.cart_recovery_days
        where x.customer_id = any(v_ids) and x.abandoned_at is not null
        group by x.id
    ) as r
    where k.id = r.id and k.recovered_on is distinct from r.order_date;

    with counted as (
        select
            o.id,
            o.customer_id,
            o.payment_method,
            trustcart_private.day_part_of(
                extract(hour from o.ordered_at at time zone v_settings.time_zone)::integer
            ) as day_part
        from trustcart.sales_orders as o
        inner join trustcart.order_statuses as os on o.status = os.status and os.counts
        where o.customer_id = any(v_ids) and o.order_date <= v_as_of
    ),

    categories as (
        select
            r.customer_id,
            array_agg(r.name order by r.rank) as names
        from (
            select
                c.customer_id,
                g.name,
                row_number() over (
                    partition by c.customer_id order by count(distinct c.id) desc, g.name asc
                ) as rank
            from counted as c
            inner join trustcart.sales_order_items as i on c.id = i.order_id
            inner join trustcart.products as p on i.product_id = p.id
            inner join trustcart.categories as g on p.category_id = g.id
            group by c.customer_id, g.name
        ) as r
        where r.rank <= v_settings.preferred_category_count
        group by r.customer_id
    ),

    payments as (
        select distinct on (c.customer_id)
            c.customer_id,
            c.payment_method
        from counted as c
        where c.payment_method is not null
        group by c.customer_id, c.payment_method
        order by c.customer_id asc, count(*) desc, c.payment_method asc
    ),

    hours as (
        select distinct on (c.customer_id)
            c.customer_id,
            c.day_part
        from counted as c
        where c.day_part is not null
        group by c.customer_id, c.day_part
        order by c.customer_id asc, count(*) desc, c.day_part asc
    ),

    carts as (
        select
            k.customer_id,
            bool_or(k.recovered_on is null) as has_abandoned_cart,
            count(k.recovered_on) as cart_recovery_count
        from trustcart.carts as k
        where k.customer_id = any(v_ids) and k.abandoned_at is not null
        group by k.customer_id
    ),

    derived as (
        select
            b.customer_id,
            coalesce(g.names, '{}') as preferred_categories,
            p.payment_method,
            h.day_part,
            coalesce(k.has_abandoned_cart, false) as has_abandoned_cart,
            coalesce(k.cart_recovery_count, 0) as cart_recovery_count
        from unnest(v_ids) as b (customer_id)
        left join categories as g on b.customer_id = g.customer_id
        left join payments as p on b.customer_id = p.customer_id
        left join hours as h on b.customer_id = h.customer_id
        left join carts as k on b.customer_id = k.customer_id
    )

    update trustcart.customer_behavior as b
    set
        preferred_categories = d.preferred_categories,
        preferred_payment_method = d.payment_method,
        peak_order_time = d.day_part,
        has_abandoned_cart = d.has_abandoned_cart,
        cart_recovery_count = d.cart_recovery_count,
        refresh_due = false,
        updated_at = now()
    from derived as d
    where
        b.customer_id = d.customer_id
        and (
            b.refresh_due
            or b.has_abandoned_cart <> d.has_abandoned_cart
            or b.cart_recovery_count <> d.cart_recovery_count
        );
    get diagnostics v_changed = row_count;
    return jsonb_build_object('as_of', v_as_of, 'refreshed', v_changed, 'carts_abandoned', v_abandoned);
end;
$$;

--
-- Name: FUNCTION refresh_customer_behavior(p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.refresh_customer_behavior(p_as_of date) IS 'Daily job: categories, payment method, hour and carts of the customers touched since it last ran, from their counted
orders up to p_as_of. Returns {"as_of", "refreshed", "carts_abandoned"}.';

--
-- Name: refresh_customer_state(date, boolean); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.refresh_customer_state(p_as_of date DEFAULT trustcart.business_date(), p_rewind boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_settings trustcart.settings;
    v_clock trustcart_private.customer_state_clock;
    v_thresholds jsonb;
    v_latest date;
    v_ids bigint[];
    v_advanced integer := 0;
    v_relabelled integer := 0;
    v_last_change bigint;
    v_changes bigint;
begin
    -- One refresh at a time: the second finds nothing due.
    select k.* into v_clock from trustcart_private.customer_state_clock as k for update;
    select s.* into v_settings from trustcart.settings as s;
    v_thresholds := to_jsonb(v_settings) - array['id', 'updated_at', 'time_zone'];
    select coalesce(max(h.id), 0) into v_last_change from trustcart.customer_state_changes as h;

    if p_rewind then
        v_ids := array(select c.id from trustcart.customers as c order by c.id);
        perform trustcart_private.lock_customers(v_ids);
        -- What was derived for later days is forgotten; the replay derives it again.
        delete from trustcart.customer_state_changes as h where h.business_date > v_as_of;
        delete from trustcart.customer_dropoff_tracking as d where d.opened_on > v_as_of;
        perform trustcart_private.write_customer_state(
            array(
                select
                    row(
                        f.customer_id,
                        f.order_count,
                        f.total_spend,
                        f.first_order_date,
                        f.last_order_date,
                        f.next_order_date,
                        ht.to_value,
                        coalesce(hs.to_value, 'prospect')
                    )::trustcart_private.customer_figures
                from unnest(trustcart_private.recomputed_figures(v_ids, v_as_of)) as f
                left join lateral (
                    select h.to_value
                    from trustcart.customer_state_changes as h
                    where h.customer_id = f.customer_id and h.attribute = 'customer_type'
                    order by h.id desc
                    limit 1
                ) as ht on true
                left join lateral (
                    select h.to_value
                    from trustcart.customer_state_changes as h
                    where h.customer_id = f.customer_id and h.attribute = 'lifecycle_stage'
                    order by h.id desc
                    limit 1
                ) as hs on true
            ),
            v_as_of,
            'rewind'
        );
        perform trustcart_private.relevel_dropoffs(v_as_of);
        update trustcart_private.customer_state_clock as k
        set as_of = v_as_of, thresholds = v_thresholds, dropoffs_as_of = least(k.dropoffs_as_of, v_as_of);
        return jsonb_build_object('as_of', v_as_of, 'rewound', cardinality(v_ids));
    end if;

    -- Triggers write for business_date(), so only an earlier date can meet a later state.
    v_latest := v_clock.as_of;
    if v_as_of < trustcart.business_date() then
        select greatest(v_latest, max(c.state_as_of)) into v_latest from trustcart.customers as c;
    end if;
    if v_as_of < v_latest then
        raise exception using
            errcode = 'TC104',
            message = format('customer state speaks of %s already and does not go back to %s', v_latest, v_as_of),
            hint = 'Read a past date with customer_state(date); to replay history from it, pass p_rewind => true.';
    end if;

    -- The days that have passed were days of the rules in force; a changed rule applies from this date on.
    v_ids := array(
        select c.id from trustcart.customers as c where c.state_valid_until <= v_as_of order by c.id
    );
    perform trustcart_private.lock_customers(v_ids);
    v_advanced := trustcart_private.advance_customer_state(
        v_ids,
        v_as_of,
        jsonb_populate_record(v_settings, coalesce(v_clock.thresholds, '{}'))
    );
    if v_clock.thresholds is distinct from v_thresholds and v_clock.thresholds is not null then
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where
                c.order_count > 0
                and (
                    c.customer_type is distinct from trustcart_private.customer_type_of(
                        c.order_count, c.total_spend, v_as_of - c.last_order_date, v_settings
                    )
                    or c.lifecycle_stage is distinct from trustcart_private.lifecycle_stage_of(
                        c.order_count, v_as_of - c.last_order_date, v_settings
                    )
                    or c.priority_level is distinct from trustcart_private.priority_level_of(
                        v_as_of - c.last_order_date, v_settings
                    )
                    or c.state_valid_until is distinct from least(
                        trustcart_private.next_label_date(c.last_order_date, v_as_of, v_settings), c.next_order_date
                    )
                )
            order by c.id
        );
        perform trustcart_private.lock_customers(v_ids);
        v_relabelled := cardinality(
            trustcart_private.write_customer_state(
                trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'settings'
            )
        );
    end if;
    if v_clock.as_of is distinct from v_as_of or v_clock.thresholds is distinct from v_thresholds then
        update trustcart_private.customer_state_clock as k set as_of = v_as_of, thresholds = v_thresholds;
    end if;
    select count(*) into v_changes from trustcart.customer_state_changes as h where h.id > v_last_change;
    return jsonb_build_object(
        'as_of', v_as_of, 'advanced', v_advanced, 'relabelled', v_relabelled, 'changes', v_changes
    );
end;
$$;

--
-- Name: FUNCTION refresh_customer_state(p_as_of date, p_rewind boolean); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.refresh_customer_state(p_as_of date, p_rewind boolean) IS 'Daily job: lets the days up to p_as_of pass for the customers whom that changes, and applies changed settings. Moves
forward only (TC104) unless p_rewind, which counts every customer afresh as of p_as_of and forgets what was derived for
later days. Returns {"as_of", "advanced", "relabelled", "changes"}.';

--
-- Name: report_agents(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.report_agents(p_month_of date DEFAULT trustcart.business_date()) RETURNS TABLE(agent_name text, total_tasks bigint, completed bigint, successful bigint, completion_rate numeric, total_interactions bigint, agent_id bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_from date := date_trunc('month', trustcart_private.require_date(p_month_of)::timestamp)::date;
    v_to date := (v_from + interval '1 month')::date;
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
begin
    return query
    select
        u.name,
        coalesce(t.total_tasks, 0),
        coalesce(t.completed, 0),
        coalesce(t.successful, 0),
        coalesce(round(t.completed * 100.0 / nullif(t.total_tasks, 0), 2), 0.00),
        coalesce(i.total_interactions, 0),
        u.id
    from trustcart.users as u
    -- Counted each by itself: joined together, tasks and interactions would multiply.
    left join (
        select
            ct.assigned_agent_id,
            count(*) as total_tasks,
            count(*) filter (where ct.status = 'completed') as completed,
            count(*) filter (where ct.successful) as successful
        from trustcart.crm_call_tasks as ct
        where ct.task_date >= v_from and ct.task_date < v_to
        group by ct.assigned_agent_id
    ) as t on u.id = t.assigned_agent_id
    left join (
        select
            ci.agent_id,
            count(*) as total_interactions
        from trustcart.customer_interactions as ci
        where
            ci.interaction_date >= v_from::timestamp at time zone v_time_zone
            and ci.interaction_date < v_to::timestamp at time zone v_time_zone
        group by ci.agent_id
    ) as i on u.id = i.agent_id
    where u.role = 'crm_agent'
    order by coalesce(t.successful, 0) desc, u.name, u.id;
end;
$$;

--
-- Name: FUNCTION report_agents(p_month_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.report_agents(p_month_of date) IS 'The agents'' tasks and interactions in the calendar month (of the business time zone) that a date is in, the most
successful first. completion_rate is completed of total_tasks, in percent, 0 without tasks. Guide, "Agent Performance
Report", without its multiplication of tasks by interactions. Errors: TC001.';

--
-- Name: report_daily(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.report_daily(p_date date DEFAULT trustcart.business_date()) RETURNS TABLE(task_date date, total_tasks bigint, completed bigint, successful bigint, completion_rate numeric, pending bigint, skipped bigint, expired bigint, cancelled bigint, carried bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_date date := trustcart_private.require_date(p_date);
begin
    return query
    select
        v_date,
        count(*),
        count(*) filter (where t.status = 'completed'),
        count(*) filter (where t.successful),
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

--
-- Name: FUNCTION report_daily(p_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.report_daily(p_date date) IS 'The call tasks of a day by what became of them; one row, with zeros and no rate where the day has no tasks.
completion_rate is completed of total_tasks, in percent. Guide, "Daily CRM Report". Errors: TC001.';

--
-- Name: report_jobs(); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.report_jobs() RETURNS TABLE(job_name text, run_at time without time zone, is_enabled boolean, last_business_date date, last_status text, last_started_at timestamp with time zone, last_seconds numeric, last_result jsonb, last_success_date date, is_overdue boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
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

--
-- Name: FUNCTION report_jobs(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.report_jobs() IS 'The jobs in the order they run: when each is due, what became of its last run (its result, or the error), the latest
business date it succeeded for, and whether it is overdue: an hour after its time it has not
succeeded for that day, though it ran before.';

--
-- Name: report_monthly(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.report_monthly(p_date date DEFAULT trustcart.business_date()) RETURNS TABLE(section text, metric text, value numeric, previous numeric, change numeric, detail text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_from date := date_trunc('month', trustcart_private.require_date(p_date)::timestamp)::date;
    v_next date := (v_from + interval '1 month')::date;
    v_previous_from date := (v_from - interval '1 month')::date;
    v_is_running boolean := trustcart.business_date() >= v_from and trustcart.business_date() < v_next - 1;
    -- Of a month that is not over, the days so far, against as many of the month before.
    v_to date := case when v_is_running then trustcart.business_date() else v_next - 1 end;
    v_previous_to date := case
        when v_is_running then least(v_previous_from + (v_to - v_from), v_from - 1) else v_from - 1
    end;
begin
    return query
    select
        r.section,
        r.metric,
        r.value,
        r.previous,
        r.value - r.previous,
        r.detail
    from trustcart_private.period_report(v_from, v_to, v_previous_from, v_previous_to) as r;

    return query
    select
        'Agents: successful calls',
        n.agent_name,
        n.successful_calls::numeric,
        p.successful_calls::numeric,
        (n.successful_calls - p.successful_calls)::numeric,
        concat_ws(
            ', ',
            format('%s of %s tasks completed', n.completed_tasks, n.total_tasks),
            format('%s %% of these successful', n.success_rate),
            n.avg_call_duration || ' minutes a call',
            format('%s orders worth Tk %s', c.orders, trim_scale(c.revenue))
        )
    from trustcart.agent_performance(null, v_from, v_to) as n
    inner join trustcart.agent_performance(null, v_previous_from, v_previous_to) as p on n.agent_id = p.agent_id
    inner join trustcart.call_conversions(v_from, v_to) as c on n.agent_id = c.agent_id
    inner join trustcart.users as u on n.agent_id = u.id
    where u.is_active or n.total_tasks > 0 or p.total_tasks > 0
    order by n.successful_calls desc, n.completed_tasks desc, n.agent_id;

    return query
    with states as (
        select
            d.is_now,
            coalesce(s.customer_type, 'no order yet') as customer_type,
            count(*) as customers,
            sum(s.total_spend) as revenue
        from (values (true, v_to), (false, v_from - 1)) as d (is_now, as_of)
        cross join lateral trustcart.customer_state(d.as_of) as s
        group by d.is_now, s.customer_type
    )

    select
        m.section,
        t.name,
        m.value,
        m.previous,
        m.value - m.previous,
        format('on %s, against %s', v_to, v_from - 1)
    from (values (1, 'vip'), (2, 'repeat'), (3, 'new'), (4, 'inactive'), (5, 'no order yet')) as t (position, name)
    left join states as n on t.name = n.customer_type and n.is_now
    left join states as p on t.name = p.customer_type and not p.is_now
    cross join lateral (
        values
        (1, 'Segments: customers', coalesce(n.customers, 0)::numeric, coalesce(p.customers, 0)::numeric),
        (2, 'Segments: revenue, Tk', coalesce(n.revenue, 0), coalesce(p.revenue, 0))
    ) as m (position, section, value, previous)
    order by m.position, t.position;

    return query
    select
        'Next month',
        k.name,
        count(e.event_type)::numeric,
        null::numeric,
        null::numeric,
        format('from %s on, customers and their families', v_next)
    from (values (1, 'Birthdays', '%birthday'), (2, 'Anniversaries', '%anniversary')) as k (position, name, pattern)
    left join
        trustcart.upcoming_events((v_next + interval '1 month')::date - v_next - 1, v_next) as e
        on e.event_type like k.pattern
    group by k.position, k.name
    order by k.position;
end;
$$;

--
-- Name: FUNCTION report_monthly(p_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.report_monthly(p_date date) IS 'What the guide asks to review monthly ("Data Management"), for the calendar month that a date is in, against the
month before: the calls and what they led to, how customers behaved and changed, each agent, the segments, and the
events of the next month. Of the running month the days so far, against as many of the month before. Campaigns and
recommendation rules, which the guide names too, are not part of it yet. Rows are section, metric, value, previous,
change and detail; amounts in taka. Orders within 7 days of a call may still come. Errors: TC001.';

--
-- Name: report_segments(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.report_segments(p_as_of date DEFAULT trustcart.business_date()) RETURNS TABLE(customer_type text, temperature text, customer_count bigint, total_revenue numeric, avg_lifetime_value numeric)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
    return query
    select
        s.customer_type,
        s.priority_level,
        count(*),
        sum(s.total_spend),
        round(avg(s.total_spend), 2)
    from trustcart.customer_state(trustcart_private.require_date(p_as_of)) as s
    group by s.customer_type, s.priority_level
    order by sum(s.total_spend) desc, s.customer_type, s.priority_level;
end;
$$;

--
-- Name: FUNCTION report_segments(p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.report_segments(p_as_of date) IS 'Customers by type and temperature as of a date, past ones too: how many, their revenue, and its mean, in taka. The type
is null for those who had not ordered. Guide, "Customer Segmentation Report". Errors: TC001.';

--
-- Name: report_weekly(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.report_weekly(p_date date DEFAULT trustcart.business_date()) RETURNS TABLE(section text, metric text, value numeric, previous numeric, change numeric, detail text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_from date := date_trunc('week', trustcart_private.require_date(p_date)::timestamp)::date;
    -- Of a week that is not over, the days so far, against as many of the week before.
    v_to date := case
        when trustcart.business_date() between v_from and v_from + 6 then trustcart.business_date() else v_from + 6
    end;
    v_previous_to date := v_to - 7;
begin
    return query
    select
        r.section,
        r.metric,
        r.value,
        r.previous,
        r.value - r.previous,
        r.detail
    from trustcart_private.period_report(v_from, v_to, v_from - 7, v_previous_to) as r;

    return query
    with states as (
        select
            d.is_now,
            s.priority_level
        from (values (true, v_to), (false, v_from - 1)) as d (is_now, as_of)
        cross join lateral trustcart.customer_state(d.as_of) as s
    )

    select
        'Temperatures',
        t.name,
        count(*) filter (where s.is_now)::numeric,
        count(*) filter (where not s.is_now)::numeric,
        (count(*) filter (where s.is_now) - count(*) filter (where not s.is_now))::numeric,
        format('on %s, against %s', v_to, v_from - 1)
    from (values (1, 'hot'), (2, 'warm'), (3, 'cold')) as t (position, name)
    left join states as s on t.name = s.priority_level
    group by t.position, t.name
    order by t.position;

    return query
    with at_risk as (
        select
            d.is_now,
            s.customer_id,
            s.customer_type,
            s.total_spend,
            s.last_order_date
        from (values (true, v_to), (false, v_previous_to)) as d (is_now, as_of)
        cross join lateral trustcart.customer_state(d.as_of) as s
        where s.lifecycle_stage = 'at_risk'
    ),

    newly as (
        select a.*
        from at_risk as a
        where
            not exists (
                select
                from trustcart.customer_state(v_from - 1) as b
                where b.customer_id = a.customer_id and b.lifecycle_stage = 'at_risk'
            )
            and a.is_now
        union all
        select a.*
        from at_risk as a
        where
            not exists (
                select
                from trustcart.customer_state(v_from - 8) as b
                where b.customer_id = a.customer_id and b.lifecycle_stage = 'at_risk'
            )
            and not a.is_now
    ),

    listed as (
        select
            n.*,
            row_number() over (order by n.total_spend desc, n.customer_id) as position
        from newly as n
        where n.is_now
    )

    select
        'Newly at risk',
        x.metric,
        x.value,
        x.previous,
        x.value - x.previous,
        x.detail
    from (
        select
            0 as position,
            'Customers' as metric,
            count(*) filter (where n.is_now)::numeric as value,
            count(*) filter (where not n.is_now)::numeric as previous,
            case
                when bool_or(n.is_now) then 'the most valuable of them, with what they spent, in Tk:'
            end as detail
        from newly as n
        union all
        select
            l.position,
            coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), 'customer ' || c.id),
            l.total_spend,
            null,
            concat_ws(
                ', ', 'customer ' || c.id, l.customer_type, 'last order ' || l.last_order_date,
                coalesce(c.phone_e164, c.phone, c.mobile)
            )
        from listed as l
        inner join trustcart.customers as c on l.customer_id = c.id
        where l.position <= 20
    ) as x
    order by x.position;
end;
$$;

--
-- Name: FUNCTION report_weekly(p_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.report_weekly(p_date date) IS 'What the guide asks to review weekly ("Data Management"), for the week, Monday to Sunday, that a date is in, against
the week before: the calls and what they led to, how customers behaved and changed, temperatures, and who is newly at
risk. Of the running week the days so far, against as many of the week before. Rows are section, metric, value,
previous, change and detail; amounts in taka. Orders within 7 days of a call may still come. Errors: TC001.';

--
-- Name: reschedule_call_tasks(bigint, date, text[], date, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.reschedule_call_tasks(p_agent_id bigint DEFAULT NULL::bigint, p_to date DEFAULT NULL::date, p_priorities text[] DEFAULT '{hot}'::text[], p_task_date date DEFAULT trustcart.business_date(), p_request_id text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'reschedule_call_tasks', jsonb_build_array(p_agent_id, p_to, p_priorities, p_task_date)
    );
    v_today date := trustcart.business_date();
    v_from date := trustcart_private.require_date(p_task_date);
    v_to date;
    v_unknown text;
    v_ids bigint[];
    v_rooms jsonb;
    v_fitting bigint[] := array[]::bigint[];
    v_agent_ids bigint[] := array[]::bigint[];
    v_left record;
    v_agent_id bigint;
    v_rescheduled integer;
    v_report jsonb;
begin
    if v_earlier.request_id is not null then
        return v_earlier.result;
    end if;
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
    end if;
    if coalesce(cardinality(p_priorities), 0) = 0 then
        raise exception using
            errcode = 'TC003',
            message = 'priorities are required',
            hint = 'Say which calls to put off: hot, warm, cold.';
    end if;
    select p.priority into v_unknown
    from unnest(p_priorities) as p (priority)
    where (p.priority in ('hot', 'warm', 'cold')) is not true
    limit 1;
    if found then
        raise exception using
            errcode = 'TC002',
            message = format('%s is not a priority', coalesce(quote_literal(v_unknown), 'null')),
            hint = 'Known are hot, warm, cold.';
    end if;
    v_to := trustcart_private.require_date(
        coalesce(p_to, trustcart_private.next_working_day(greatest(v_from, v_today)))
    );
    if v_to <= v_from or v_to < v_today then
        raise exception using
            errcode = 'TC204',
            message = format('calls of %s cannot be put off to %s', v_from, v_to),
            hint = 'Give a date after theirs, today or later; without one it is the next working day.';
    end if;

    -- Customers, then tasks, then days: the order of everybody else.
    perform trustcart_private.lock_customers(array(
        select t.customer_id
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending' and t.task_date = v_from and t.started_at is null
            and t.priority = any(p_priorities)
            and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
    ));
    select array_agg(l.id order by l.priority_rank, l.list_position nulls first, l.id) into v_ids
    from (
        select
            t.id,
            t.priority_rank,
            t.list_position
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending' and t.task_date = v_from and t.started_at is null
            and t.priority = any(p_priorities)
            and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
        order by t.id
        for no key update
    ) as l;

    -- Of a customer with several calls the first goes; none does where one is planned for that day already.
    select array_agg(o.id order by o.place) into v_ids
    from (
        select distinct on (t.customer_id)
            t.id,
            t.customer_id,
            i.place
        from unnest(v_ids) with ordinality as i (task_id, place)
        inner join trustcart.crm_call_tasks as t on i.task_id = t.id
        order by t.customer_id, i.place
    ) as o
    where not exists (
        select
        from trustcart.crm_call_tasks as p
        where p.customer_id = o.customer_id and p.task_date = v_to and p.status = 'pending'
    );

    -- One after the other, as the list has them: to the customer's own agent, else whoever had the call keeps it.
    select jsonb_object_agg(c.agent_id, c.max_calls - coalesce(d.calls, 0)) into v_rooms
    from trustcart_private.agent_capacity(v_to) as c
    left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = v_to;
    for v_left in
        select
            t.id,
            t.assigned_agent_id as agent_id,
            case
                when c.assigned_agent_id = t.assigned_agent_id then null
                when trustcart_private.agent_suits(c.assigned_agent_id, p.language, y.required_skill)
                    then c.assigned_agent_id
            end as own_agent_id
        from unnest(v_ids) with ordinality as i (task_id, place)
        inner join trustcart.crm_call_tasks as t on i.task_id = t.id
        inner join trustcart.customers as c on t.customer_id = c.id
        inner join trustcart.call_task_types as y on t.task_type = y.task_type
        left join trustcart.customer_contact_preferences as p on t.customer_id = p.customer_id
        order by i.place
    loop
        v_agent_id := case
            when (v_rooms ->> v_left.own_agent_id::text)::integer > 0 then v_left.own_agent_id
            when (v_rooms ->> v_left.agent_id::text)::integer > 0 then v_left.agent_id
        end;
        -- Those of the pool stay in it, where no agent of their customer's has room.
        continue when v_agent_id is null and v_left.agent_id is not null;
        v_fitting := v_fitting || v_left.id;
        v_agent_ids := v_agent_ids || v_agent_id;
        if v_agent_id is not null then
            v_rooms := jsonb_set(
                v_rooms, array[v_agent_id::text], to_jsonb((v_rooms ->> v_agent_id::text)::integer - 1)
            );
        end if;
    end loop;
    perform trustcart_private.carry_call_tasks(v_fitting, v_to, v_agent_ids);
    v_rescheduled := cardinality(v_fitting);

    -- For the rest somebody else is looked for, one by one: each takes a place.
    for v_left in
        select
            t.id,
            t.customer_id,
            y.required_skill
        from unnest(v_ids) with ordinality as i (task_id, place)
        inner join trustcart.crm_call_tasks as t on i.task_id = t.id
        inner join trustcart.call_task_types as y on t.task_type = y.task_type
        where i.task_id <> all(v_fitting)
        order by i.place
    loop
        v_agent_id := trustcart_private.agent_for_call(v_left.customer_id, v_to, v_left.required_skill);
        if v_agent_id is not null then
            perform trustcart_private.carry_call_tasks(array[v_left.id], v_to, array[v_agent_id]);
            v_rescheduled := v_rescheduled + 1;
        end if;
    end loop;

    select
        jsonb_build_object(
            'rescheduled', v_rescheduled,
            'to', v_to,
            'not_fitting', count(*) filter (where not l.is_planned),
            'already_planned', count(*) filter (where l.is_planned)
        )
    into v_report
    from (
        select exists (
            select
            from trustcart.crm_call_tasks as p
            where p.customer_id = t.customer_id and p.task_date = v_to and p.status = 'pending'
        ) as is_planned
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending' and t.task_date = v_from and t.started_at is null
            and t.priority = any(p_priorities)
            and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
    ) as l;
    update trustcart_private.call_requests as r set result = v_report where r.request_id = p_request_id;
    return v_report;
end;
$$;

--
-- Name: FUNCTION reschedule_call_tasks(p_agent_id bigint, p_to date, p_priorities text[], p_task_date date, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.reschedule_call_tasks(p_agent_id bigint, p_to date, p_priorities text[], p_task_date date, p_request_id text) IS 'Puts the calls of a day that nobody has begun off to a later one (p_to, else the next working day): those of an
agent, or of all, of the priorities given. Each is closed as carried and followed by a task of that day, for the
customer''s own agent, where that one works that day, suits and has room, else for the same agent as before, else for
whom agent_for_call() finds. Calls for which there is nobody ("not_fitting"), or whose customer is called on that day
already ("already_planned"), stay as they are. In the order of the list. Returns {"rescheduled", "to", "not_fitting",
"already_planned"}; p_request_id again returns it again and does nothing. TC001 dates, TC002 priority, TC003 no
priorities, TC004 no such user, TC106 request id, TC201 agent, TC204 date not after theirs, or past (guide:
"Reschedule urgent tasks for tomorrow").';

--
-- Name: run_due_jobs(); Type: PROCEDURE; Schema: trustcart; Owner: -
--

CREATE PROCEDURE trustcart.run_due_jobs()
    LANGUAGE plpgsql
    AS $$
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
    if pg_catalog.cardinality(v_failures) operator(pg_catalog.>) 0 then
        raise exception using
            errcode = 'TC301',
            message = pg_catalog.format(
                'of the jobs due on %s failed: %s', v_date, pg_catalog.array_to_string(v_failures, '; ')
            ),
            hint = 'trustcart.job_runs keeps each failure; the next tick tries again until max_attempts is reached.';
    end if;
end;
$$;

--
-- Name: PROCEDURE run_due_jobs(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON PROCEDURE trustcart.run_due_jobs() IS 'What the tick calls every five minutes: runs, in order, the enabled jobs whose time of the business day has come and
that have not succeeded today yet; a failed one again until max_attempts. A job that is running already is passed
over. Raises TC301 at the end when one failed. Call it outside a transaction block.';

--
-- Name: run_job(text, date); Type: PROCEDURE; Schema: trustcart; Owner: -
--

CREATE PROCEDURE trustcart.run_job(IN p_job_name text, IN p_business_date date DEFAULT trustcart.business_date())
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: PROCEDURE run_job(IN p_job_name text, IN p_business_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON PROCEDURE trustcart.run_job(IN p_job_name text, IN p_business_date date) IS 'Runs one job of job_schedules for a business date and leaves its row in job_runs, whatever becomes of it. Call it
outside a transaction block. Errors: TC001, TC002 (no such job), TC105 (running already), TC301 (the job failed).';

--
-- Name: customer_contact_preferences; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_contact_preferences (
    customer_id bigint NOT NULL,
    preferred_from time without time zone,
    preferred_until time without time zone,
    time_zone text,
    language text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_contact_preferences_hours_in_order CHECK ((((preferred_from IS NULL) = (preferred_until IS NULL)) AND (preferred_from < preferred_until))),
    CONSTRAINT customer_contact_preferences_language_word CHECK ((language ~ '^[a-z]{2,3}$'::text)),
    CONSTRAINT customer_contact_preferences_time_zone_known CHECK (trustcart_private.is_time_zone(time_zone))
);

--
-- Name: TABLE customer_contact_preferences; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_contact_preferences IS 'When and in what language a customer wishes to be called; a customer without a row has said nothing.';

--
-- Name: COLUMN customer_contact_preferences.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_contact_preferences.customer_id IS 'Whose wishes; goes with the customer.';

--
-- Name: COLUMN customer_contact_preferences.preferred_from; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_contact_preferences.preferred_from IS 'Hour from which calls are welcome, in the customer''s own time zone.';

--
-- Name: COLUMN customer_contact_preferences.preferred_until; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_contact_preferences.preferred_until IS 'Hour until which calls are welcome.';

--
-- Name: COLUMN customer_contact_preferences.time_zone; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_contact_preferences.time_zone IS 'Time zone the customer lives in; null: that of the shop.';

--
-- Name: COLUMN customer_contact_preferences.language; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_contact_preferences.language IS 'Language the customer speaks, ISO 639 (bn, en ...); agents with languages of their own must have it.';

--
-- Name: COLUMN customer_contact_preferences.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_contact_preferences.updated_at IS 'When the row was last written.';

--
-- Name: set_contact_preferences(bigint, time without time zone, time without time zone, text, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.set_contact_preferences(p_customer_id bigint, p_preferred_from time without time zone DEFAULT NULL::time without time zone, p_preferred_until time without time zone DEFAULT NULL::time without time zone, p_language text DEFAULT NULL::text, p_time_zone text DEFAULT NULL::text) RETURNS trustcart.customer_contact_preferences
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $_$
declare
    v_customer_id bigint := trustcart_private.require_customer(p_customer_id);
    v_language text := nullif(lower(btrim(p_language)), '');
    v_time_zone text := nullif(btrim(p_time_zone), '');
    v_preferences trustcart.customer_contact_preferences;
begin
    if num_nonnulls(p_preferred_from, p_preferred_until, v_language, v_time_zone) = 0 then
        raise exception using
            errcode = 'TC003',
            message = 'preferred_from and preferred_until, language or time_zone is required',
            hint = 'Give what the customer wishes; what is left out stays as it is.';
    elsif num_nonnulls(p_preferred_from, p_preferred_until) = 1 then
        raise exception using
            errcode = 'TC005',
            message = format(
                'preferred_%s is missing', case when p_preferred_from is null then 'from' else 'until' end
            ),
            hint = 'Give both hours, or neither.';
    elsif p_preferred_from >= p_preferred_until then
        raise exception using
            errcode = 'TC005',
            message = format('preferred_from %s is not before preferred_until %s', p_preferred_from, p_preferred_until),
            hint = 'The hours lie within one day of the customer; until 24:00 is its end.';
    elsif v_language !~ '^[a-z]{2,3}$' then
        raise exception using
            errcode = 'TC005',
            message = format('%L is not a language code', p_language),
            hint = 'Give the two or three letters of ISO 639: bn, en ...';
    elsif not trustcart_private.is_time_zone(v_time_zone) then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a time zone', p_time_zone),
            hint = 'Known are the names of pg_timezone_names, such as Asia/Dhaka.';
    end if;
    insert into trustcart.customer_contact_preferences as p (
        customer_id, preferred_from, preferred_until, time_zone, language
    )
    values (v_customer_id, p_preferred_from, p_preferred_until, v_time_zone, v_language)
    on conflict (customer_id) do update
    set
        preferred_from = coalesce(excluded.preferred_from, p.preferred_from),
        preferred_until = coalesce(excluded.preferred_until, p.preferred_until),
        time_zone = coalesce(excluded.time_zone, p.time_zone),
        language = coalesce(excluded.language, p.language)
    returning p.* into v_preferences;
    return v_preferences;
end;
$_$;

--
-- Name: FUNCTION set_contact_preferences(p_customer_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_language text, p_time_zone text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.set_contact_preferences(p_customer_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_language text, p_time_zone text) IS 'Records when and in what language a customer wishes to be called; returns all that is known. Null keeps what was there;
to take a wish back, update customer_contact_preferences. The hours go together and are those of the customer''s own
time zone. TC002 unknown time zone, TC003 nothing given, TC004 no such customer, TC005 hours out of order or only one of
them, language that is no code.';

--
-- Name: skip_call_task(bigint, text, text, text, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text DEFAULT NULL::text, p_notes text DEFAULT NULL::text, p_outcome text DEFAULT NULL::text, p_request_id text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'skip_call_task', jsonb_build_array(p_task_id, p_reason, p_notes, p_outcome), p_task_id
    );
    v_task trustcart.crm_call_tasks;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    update trustcart.crm_call_tasks as t
    set
        status = 'skipped',
        close_reason = nullif(btrim(p_reason), ''),
        notes = coalesce(nullif(btrim(p_notes), ''), t.notes),
        outcome = coalesce(nullif(btrim(p_outcome), ''), t.outcome)
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;

--
-- Name: FUNCTION skip_call_task(p_task_id bigint, p_reason text, p_notes text, p_outcome text, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text, p_notes text, p_outcome text, p_request_id text) IS 'Closes a pending task without a call; p_reason says why, p_notes and p_outcome are noted on it. A skipped call counts
toward no cadence and frees its place in the agent''s day. p_request_id again does nothing again. Returns the task.
TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed, TC106 request id.';

--
-- Name: snooze_call_task(bigint, timestamp with time zone, timestamp with time zone, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.snooze_call_task(p_task_id bigint, p_until timestamp with time zone, p_at timestamp with time zone DEFAULT now(), p_request_id text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'snooze_call_task', jsonb_build_array(p_task_id, extract(epoch from p_until)), p_task_id
    );
    v_task trustcart.crm_call_tasks;
    v_until_on date;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    if p_until is null then
        raise exception using
            errcode = 'TC003',
            message = 'until is required',
            hint = 'Say at what hour the call comes up again.';
    elsif p_until <= p_at then
        raise exception using
            errcode = 'TC204',
            message = format('until %s is past', p_until),
            hint = format('Give an hour of %s that is still to come.', v_task.task_date);
    end if;
    v_until_on := (p_until at time zone (select s.time_zone from trustcart.settings as s))::date;
    if v_until_on <> v_task.task_date then
        raise exception using
            errcode = 'TC005',
            message = format('call task %s is of %s, not of %s', p_task_id, v_task.task_date, v_until_on),
            hint = 'Log the attempt with the day agreed on; what nobody calls comes up again the next day by itself.';
    end if;
    update trustcart.crm_call_tasks as t
    set due_at = p_until, claimed_by = null, claimed_at = null, started_at = null
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;

--
-- Name: FUNCTION snooze_call_task(p_task_id bigint, p_until timestamp with time zone, p_at timestamp with time zone, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.snooze_call_task(p_task_id bigint, p_until timestamp with time zone, p_at timestamp with time zone, p_request_id text) IS 'Puts a pending task off to a later hour of its day; it is unclaimed until then, and then among the first.
p_request_id again does nothing again. Returns the task. TC003 without id or hour, TC004 no such task, TC005 another
day, TC101, TC102, TC103 when the task is closed, TC106 request id, TC204 hour not after p_at.';

--
-- Name: start_call_task(bigint, bigint, timestamp with time zone, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.start_call_task(p_task_id bigint, p_agent_id bigint DEFAULT NULL::bigint, p_at timestamp with time zone DEFAULT now(), p_request_id text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'start_call_task', jsonb_build_array(p_task_id, p_agent_id), p_task_id
    );
    v_task trustcart.crm_call_tasks;
    v_other bigint;
    v_refusal record;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    end if;
    v_task := trustcart_private.lock_open_task(p_task_id);
    if p_agent_id is not null then
        perform trustcart_private.require_agent(p_agent_id);
        v_other := trustcart_private.claimed_by_another(v_task, p_agent_id, p_at);
        if v_other is not null then
            raise exception using
                errcode = 'TC109',
                message = format('call task %s is claimed by agent %s', p_task_id, v_other),
                hint = 'Take the next call, or have this one given to you with reassign_call_task().';
        end if;
    end if;
    -- Begun by the same agent, or by nobody in particular, it has begun; what another one left is begun anew.
    if v_task.started_at is not null and (v_task.claimed_by <> p_agent_id) is not true then
        if p_agent_id is null or v_task.claimed_by is not null then
            return v_task;
        end if;
        update trustcart.crm_call_tasks as t
        set claimed_by = p_agent_id, claimed_at = p_at
        where t.id = p_task_id
        returning t.* into v_task;
        return v_task;
    end if;

    select r.reason, r.sqlstate into v_refusal
    from trustcart_private.refusal_of_call(v_task.customer_id, p_at) as r;
    if v_refusal.reason is not null then
        raise exception using
            errcode = v_refusal.sqlstate,
            message = format('customer %s may not be called now: %s', v_task.customer_id, v_refusal.reason),
            hint = case v_refusal.sqlstate
                when 'TC209' then 'Snooze it until then; when those hours are over, it comes up again the next day.'
                else 'Skip the task; check_contact() says what speaks against a call.'
            end;
    end if;
    update trustcart.crm_call_tasks as t
    set
        -- Never later than the completion, which has the clock's time.
        started_at = least(p_at, clock_timestamp()),
        claimed_by = coalesce(p_agent_id, t.claimed_by),
        claimed_at = case when t.claimed_by = p_agent_id or p_agent_id is null then t.claimed_at else p_at end
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;

--
-- Name: FUNCTION start_call_task(p_task_id bigint, p_agent_id bigint, p_at timestamp with time zone, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.start_call_task(p_task_id bigint, p_agent_id bigint, p_at timestamp with time zone, p_request_id text) IS 'An agent takes a pending task up at p_at: the duration of the call counts from here, and with p_agent_id it is
claimed. Started before, it stays as it is. What speaks against the call is asked once more. p_request_id again does
nothing again. Returns the task. TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed, TC106
request id, TC109 claimed by another agent, TC201 agent, TC208 the customer may not be called, TC209 not at this
hour.';

--
-- Name: system_health(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.system_health(p_as_of date DEFAULT trustcart.business_date()) RETURNS TABLE(metric text, value bigint, is_wrong boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
begin
    return query
    select
        'Total Customers',
        count(*),
        false
    from trustcart.customers as c;

    return query
    select
        'Active Tasks Today',
        count(*),
        false
    from trustcart.crm_call_tasks as t
    where t.task_date = v_as_of and t.status = 'pending';

    return query
    select
        'At-Risk Customers',
        count(*),
        false
    from trustcart.customer_dropoff_tracking as d
    where d.risk_level in ('high', 'critical') and d.closed_on is null;

    return query
    select
        'Customers Whose State Is Wrong',
        count(*),
        count(*) > 0
    from trustcart.check_customer_state() as w;

    return query
    select
        'Unreadable Phone Numbers',
        (
            select count(*)
            from trustcart.customers as c
            where c.phone is not null and c.phone_e164 is null
        )
        + (
            select count(*)
            from trustcart.customers as c
            where c.mobile is not null and c.mobile_e164 is null
        )
        + (
            select count(*)
            from trustcart.customer_family_members as f
            where f.phone is not null and f.phone_e164 is null
        ),
        false;

    return query
    select
        'Jobs That Never Ran',
        count(*),
        false
    from trustcart.report_jobs() as j
    where j.is_enabled and j.last_status is null;

    return query
    select
        'Overdue Jobs',
        count(*),
        count(*) > 0
    from trustcart.report_jobs() as j
    where j.is_overdue;
end;
$$;

--
-- Name: FUNCTION system_health(p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.system_health(p_as_of date) IS 'The state of the installation in numbers: the guide''s three (At-Risk Customers counts open episodes) and what keeps
the others true. is_wrong says which of them somebody has to look into. Guide, "Monitoring". Errors: TC001.';

--
-- Name: to_business_date(text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.to_business_date(p_text text) RETURNS date
    LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if btrim(p_text) <> '' then
        return trustcart_private.parse_date(p_text);
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION to_business_date(p_text text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.to_business_date(p_text text) IS 'The date that an endpoint was given as text: YYYY-MM-DD, null when blank, TC001 when it is none.';

--
-- Name: undo_call_outcome(bigint, timestamp with time zone, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.undo_call_outcome(p_task_id bigint, p_at timestamp with time zone DEFAULT now(), p_request_id text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id, 'undo_call_outcome', jsonb_build_array(p_task_id), p_task_id
    );
    v_within interval := (select s.undo_within from trustcart.settings as s);
    v_task trustcart.crm_call_tasks;
    v_before trustcart.crm_call_tasks;
    v_outcome_at timestamptz;
begin
    if v_earlier.request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = v_earlier.task_id;
        return v_task;
    elsif p_task_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'task_id is required',
            hint = 'Give the id of the task, as call lists show it.';
    end if;
    perform trustcart_private.lock_customer_of_task(p_task_id);
    select t.* into v_task
    from trustcart.crm_call_tasks as t
    where t.id = p_task_id
    for no key update;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no call task %s', p_task_id),
            hint = 'Take the id from the call list.';
    end if;
    v_outcome_at := case
        when v_task.status in ('completed', 'skipped') then v_task.closed_at
        else (v_task.before_outcome ->> 'attempted_at')::timestamptz
    end;
    if v_task.before_outcome is null or v_outcome_at + v_within < p_at then
        raise exception using
            errcode = 'TC108',
            message = case
                when v_task.before_outcome is null
                    then format('call task %s is %s and has no outcome to undo', p_task_id, v_task.status)
                else format('the outcome of call task %s is older than %s', p_task_id, v_within)
            end,
            hint = 'Only the last outcome of a call can be undone, for as long as settings.undo_within says.';
    end if;

    v_before := jsonb_populate_record(v_task, v_task.before_outcome);
    update trustcart.crm_call_tasks as t
    set
        status = 'pending',
        assigned_agent_id = v_before.assigned_agent_id,
        why_agent = v_before.why_agent,
        outcome = v_before.outcome,
        notes = v_before.notes,
        follow_up_date = v_before.follow_up_date,
        close_reason = v_before.close_reason,
        due_at = v_before.due_at,
        -- Whoever has taken it up again since an attempt keeps it.
        started_at = case when t.claimed_by is null then v_before.started_at else t.started_at end,
        claimed_by = coalesce(t.claimed_by, v_before.claimed_by),
        claimed_at = coalesce(t.claimed_at, v_before.claimed_at),
        before_outcome = null
    where t.id = p_task_id;
    if v_task.status = 'completed' then
        delete from trustcart.customer_interactions as i where i.task_id = p_task_id;
        delete from trustcart.crm_call_attempts as a
        where a.task_id = p_task_id and a.attempted_at = v_task.completed_at;
        delete from trustcart.customer_phone_flags as f where f.task_id = p_task_id;
    elsif v_task.status = 'pending' then
        delete from trustcart.crm_call_attempts as a
        where a.task_id = p_task_id and a.id = (v_task.before_outcome ->> 'attempt_id')::bigint;
    end if;
    if v_task.status <> 'skipped' then
        perform trustcart_private.recompute_recovery(v_task.customer_id, v_outcome_at);
    end if;
    select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
    return v_task;
end;
$$;

--
-- Name: FUNCTION undo_call_outcome(p_task_id bigint, p_at timestamp with time zone, p_request_id text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.undo_call_outcome(p_task_id bigint, p_at timestamp with time zone, p_request_id text) IS 'Takes the last outcome of a task back, for settings.undo_within: a completion, a skip, or an attempt that left it
pending. The task is as it was before, its agent and claim too; its interaction and attempt, a phone flag that it set
and the attempt to recover the customer are gone, family and preferred hours learned in the call stay. p_request_id
again does nothing again. Returns the task. TC003 and TC004 for the id, TC106 request id, TC108 nothing to undo, or
too late.';

--
-- Name: upcoming_events(integer, date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.upcoming_events(p_days integer DEFAULT 30, p_as_of date DEFAULT trustcart.business_date()) RETURNS TABLE(customer_id bigint, name text, email text, phone text, event_type text, event_date date, days_until integer, family_member_id bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    SET max_parallel_workers_per_gather TO '0'
    AS $$
#variable_conflict use_column
declare
    v_month_days smallint[];
    v_dates date[];
begin
    if (p_as_of >= '1900-01-01' and p_as_of < '2200-01-01') is not true then
        raise exception using
            errcode = 'TC001',
            message = format('%s is not a business date', coalesce(p_as_of::text, 'null')),
            hint = 'Give a date between 1900-01-01 and 2199-12-31, as YYYY-MM-DD.';
    end if;
    if (p_days >= 0) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('%s is not a number of days to look ahead', coalesce(p_days::text, 'null')),
            hint = 'Give 0 for today alone, or more; an event counts once however long the window.';
    end if;

    -- The days of the calendar within the window, each with its next date, as month * 100 + day.
    select
        array_agg(d.month_day),
        array_agg(d.event_date)
    into v_month_days, v_dates
    from (
        select distinct on (m.month_day)
            m.month_day,
            m.event_date
        from (
            select
                (extract(month from w.event_date) * 100 + extract(day from w.event_date))::smallint as month_day,
                w.event_date
            from (select p_as_of + g.n as event_date from generate_series(0, least(p_days, 365)) as g (n)) as w
            union all
            -- 29 February, in the years that have none.
            select
                229,
                w.event_date
            from (select p_as_of + g.n as event_date from generate_series(0, least(p_days, 365)) as g (n)) as w
            where
                extract(month from w.event_date) = 2 and extract(day from w.event_date) = 28
                and extract(month from w.event_date + 1) = 3
        ) as m
        order by m.month_day, m.event_date
    ) as d;

    return query
    select
        c.id,
        case when e.family_member_id is null then nullif(concat_ws(' ', c.first_name, c.last_name), '') else f.name end,
        c.email::text,
        c.phone,
        case when e.family_member_id is null then e.kind else 'family_' || e.kind end,
        d.event_date,
        d.event_date - p_as_of,
        e.family_member_id
    from unnest(v_month_days, v_dates) as d (month_day, event_date)
    inner join trustcart.customer_event_days as e on d.month_day = e.month_day
    inner join trustcart.customers as c on e.customer_id = c.id
    left join trustcart.customer_family_members as f on e.family_member_id = f.id
    where e.occurred_on <= p_as_of and c.is_active;
end;
$$;

--
-- Name: FUNCTION upcoming_events(p_days integer, p_as_of date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.upcoming_events(p_days integer, p_as_of date) IS 'Birthdays and anniversaries of active customers and their families from p_as_of to p_days later, the next occurrence of
each: customer_id, name of whose day it is, the customer''s email and phone, event_type (birthday, anniversary,
family_birthday, family_anniversary), event_date, days_until, family_member_id. 29 February falls on 28 February in other
years; who is born later than p_as_of has no birthday yet. TC001 for the date, TC005 for the days (guide: "Get Upcoming
Events").';

--
-- Name: update_customer_lifecycle(); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.update_customer_lifecycle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_as_of date;
    v_ids bigint[];
    v_increments trustcart_private.customer_figures[];
    v_stale bigint[];
    v_new_ids bigint[] := array[]::bigint[];
    v_former trustcart.sales_orders[] := array[]::trustcart.sales_orders[];
    v_first trustcart.sales_orders[];
begin
    if tg_op = 'INSERT' then
        -- A shop takes its orders one at a time: that one goes the short way.
        v_first := array(select n::trustcart.sales_orders from new_rows as n limit 2);
        if cardinality(v_first) = 0 then
            return null;
        elsif cardinality(v_first) = 1 and trustcart_private.add_order(v_first[1]) then
            return null;
        end if;
    end if;

    v_as_of := trustcart.business_date();
    if tg_op = 'INSERT' then
        -- Every customer of the statement, in id order, with what the new orders add to the figures.
        v_increments := array(
            select
                row(
                    n.customer_id,
                    count(*) filter (where os.counts and n.order_date <= v_as_of),
                    coalesce(sum(n.total_amount) filter (where os.counts and n.order_date <= v_as_of), 0),
                    min(n.order_date) filter (where os.counts and n.order_date <= v_as_of),
                    max(n.order_date) filter (where os.counts and n.order_date <= v_as_of),
                    min(n.order_date) filter (where os.counts and n.order_date > v_as_of),
                    null,
                    null
                )::trustcart_private.customer_figures
            from new_rows as n
            inner join trustcart.order_statuses as os on n.status = os.status
            group by n.customer_id
            order by n.customer_id
        );
        v_ids := trustcart_private.write_customer_state(v_increments, v_as_of, 'order', true);
        if exists (
            select from trustcart.crm_call_tasks as t where t.customer_id = any(v_ids) and t.status = 'pending'
        ) then
            perform trustcart_private.cancel_overtaken_tasks(v_ids);
        end if;
        if cardinality(v_ids) = cardinality(v_increments) then
            return null;
        end if;
        select
            array_agg(n.id),
            array_agg(n.customer_id)
        into v_new_ids, v_ids
        from new_rows as n
        where not n.customer_id = any(v_ids);
    elsif tg_op = 'UPDATE' then
        select
            array_agg(n.id),
            array_agg(o::trustcart.sales_orders),
            array_agg(n.customer_id) || array_agg(o.customer_id)
        into v_new_ids, v_former, v_ids
        from new_rows as n
        full join old_rows as o on n.id = o.id
        where
            (n.customer_id, n.order_date, n.ordered_at, n.total_amount, n.status, n.payment_method)
            is distinct from (o.customer_id, o.order_date, o.ordered_at, o.total_amount, o.status, o.payment_method);
    elsif tg_op = 'DELETE' then
        select
            array_agg(o::trustcart.sales_orders),
            array_agg(o.customer_id)
        into v_former, v_ids
        from old_rows as o;
    else
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where c.order_count > 0 or c.next_order_date is not null
        );
    end if;

    v_ids := array(select distinct i.id from unnest(v_ids) as i (id) where i.id is not null);
    if v_ids = '{}' then
        return null;
    end if;
    perform trustcart_private.lock_customers(v_ids);

    -- A state that was refreshed to a later date stays there.
    select greatest(v_as_of, max(c.state_as_of))
    into v_as_of
    from trustcart.customers as c
    where c.id = any(v_ids);

    -- Days that no job has counted yet pass first, over the orders as they were.
    if tg_op <> 'TRUNCATE' then
        v_stale := array(
            select c.id
            from trustcart.customers as c
            where c.id = any(v_ids) and c.state_valid_until <= v_as_of
        );
        if v_stale <> '{}' then
            perform trustcart_private.advance_customer_state(
                v_stale, v_as_of, s, array_remove(v_new_ids, null), array_remove(v_former, null)
            )
            from trustcart.settings as s;
        end if;
    end if;

    perform trustcart_private.write_customer_state(
        trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'order'
    );
    if tg_op in ('INSERT', 'UPDATE') then
        perform trustcart_private.cancel_overtaken_tasks(v_ids);
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION update_customer_lifecycle(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.update_customer_lifecycle() IS 'Trigger of sales_orders, statement-level: keeps the state of the customers concerned right in the same transaction.
New orders add to the figures; changed, moved and withdrawn ones are counted afresh. The guide''s name.';

--
-- Name: version(); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.version() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return (select i.version from trustcart_private.installation as i);
end;
$$;

--
-- Name: FUNCTION version(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.version() IS 'The version of trustcart-db that last migrated this database; null while no migrate has completed.';

--
-- Name: add_family_member(bigint, text, text, text, text, text, text, text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.add_family_member(p_customer_id bigint, p_name text, p_relationship text, p_date_of_birth text DEFAULT NULL::text, p_phone text DEFAULT NULL::text, p_address text DEFAULT NULL::text, p_notes text DEFAULT NULL::text, p_anniversary_date text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_missing text;
    v_member jsonb;
begin
    select a.argument
    into v_missing
    from (
        values ('customerId', p_customer_id::text), ('name', p_name), ('relationship', p_relationship)
    ) as a (argument, value)
    where coalesce(btrim(a.value), '') = ''
    limit 1;
    if v_missing is not null then
        raise exception using
            errcode = 'TC003',
            message = v_missing || ' is required',
            hint = 'A family member needs customerId, name and relationship.';
    end if;
    -- Held against a deletion until we are done; also the sentence for an unknown one.
    perform from trustcart.customers as c where c.id = p_customer_id for key share;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'List the customers with list_customer360().';
    end if;
    insert into trustcart.customer_family_members as f (
        customer_id, name, relationship, date_of_birth, anniversary_date, phone, address, notes
    )
    values (
        p_customer_id,
        btrim(p_name),
        btrim(p_relationship),
        case when btrim(p_date_of_birth) <> '' then trustcart_private.parse_date(p_date_of_birth) end,
        case when btrim(p_anniversary_date) <> '' then trustcart_private.parse_date(p_anniversary_date) end,
        nullif(btrim(p_phone), ''),
        nullif(btrim(p_address), ''),
        nullif(btrim(p_notes), '')
    )
    returning
        jsonb_build_object(
            'id', f.id,
            'customer_id', f.customer_id,
            'name', f.name,
            'relationship', f.relationship,
            'date_of_birth', f.date_of_birth,
            'anniversary_date', f.anniversary_date,
            'phone', f.phone,
            'address', f.address,
            'notes', f.notes
        )
    into v_member;
    return v_member;
end;
$$;

--
-- Name: FUNCTION add_family_member(p_customer_id bigint, p_name text, p_relationship text, p_date_of_birth text, p_phone text, p_address text, p_notes text, p_anniversary_date text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.add_family_member(p_customer_id bigint, p_name text, p_relationship text, p_date_of_birth text, p_phone text, p_address text, p_notes text, p_anniversary_date text) IS 'POST /cdm/family-member: writes a family member and returns it, with its id. Dates are YYYY-MM-DD, blank is none. TC003
without customerId, name or relationship, TC004 for an unknown customer, TC001 for a date that is none.';

--
-- Name: agent_performance(bigint, text, text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.agent_performance(p_agent_id bigint DEFAULT NULL::bigint, p_start_date text DEFAULT NULL::text, p_end_date text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_agents jsonb;
begin
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'agent_id', a.agent_id,
                    'agent_name', a.agent_name,
                    'total_tasks', a.total_tasks,
                    'completed_tasks', a.completed_tasks,
                    'successful_calls', a.successful_calls,
                    'completion_rate', trim_scale(a.completion_rate),
                    'success_rate', trim_scale(a.success_rate),
                    'avg_call_duration', trim_scale(a.avg_call_duration),
                    'total_interactions', a.total_interactions
                )
                order by a.successful_calls desc, a.completed_tasks desc, a.agent_id
            ),
            '[]'
        )
    into v_agents
    from trustcart.agent_performance(
        p_agent_id,
        trustcart.to_business_date(p_start_date),
        coalesce(trustcart.to_business_date(p_end_date), trustcart.business_date())
    ) as a;
    return case when p_agent_id is null then v_agents else v_agents -> 0 end;
end;
$$;

--
-- Name: FUNCTION agent_performance(p_agent_id bigint, p_start_date text, p_end_date text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.agent_performance(p_agent_id bigint, p_start_date text, p_end_date text) IS 'GET /crm-automation/agent-performance: the figures of an agent for the tasks dated startDate to endDate (by default the
month of endDate, and today) as an object, or of all agents as an array, the most successful first. completion_rate
is completed of all tasks and success_rate successful of completed ones, in percent, 0 of none; avg_call_duration in
minutes, null when no call was started. TC001 date, TC004 no such agent, TC005 period that ends before it begins.';

--
-- Name: behavior(bigint); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.behavior(p_customer_id bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_behavior jsonb;
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    end if;
    select
        jsonb_build_object(
            'customer_id', c.id,
            'avg_order_value', trim_scale(b.avg_order_value),
            'preferred_categories', coalesce(b.preferred_categories, '{}'),
            'preferred_payment_method', b.preferred_payment_method,
            'avg_days_between_orders', b.avg_days_between_orders,
            'peak_order_time', b.peak_order_time,
            'has_abandoned_cart', coalesce(b.has_abandoned_cart, false),
            'cart_recovery_count', coalesce(b.cart_recovery_count, 0)
        )
    into v_behavior
    from trustcart.customers as c
    left join trustcart.customer_behavior as b on c.id = b.customer_id
    where c.id = p_customer_id;
    if v_behavior is null then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'List the customers with list_customer360().';
    end if;
    return v_behavior;
end;
$$;

--
-- Name: FUNCTION behavior(p_customer_id bigint); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.behavior(p_customer_id bigint) IS 'GET /cdm/behavior/:customerId: how a customer buys, as an object; nulls and empty lists before the first order. TC003
without an id, TC004 for an unknown one.';

--
-- Name: call_tasks_today(bigint, text, text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.call_tasks_today(p_agent_id bigint DEFAULT NULL::bigint, p_date text DEFAULT NULL::text, p_status text DEFAULT 'pending'::text) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_date date := coalesce(trustcart.to_business_date(p_date), trustcart.business_date());
    v_status text := coalesce(nullif(btrim(p_status), ''), 'pending');
begin
    if v_status not in ('pending', 'completed', 'skipped', 'expired', 'cancelled', 'carried', 'all') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a status of call tasks', p_status),
            hint = 'Known are pending, completed, skipped, expired, cancelled, carried, and all.';
    end if;
    if p_agent_id is not null and not exists (select from trustcart.users as u where u.id = p_agent_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Take the id from trustcart.users, or leave it out for the calls of all.';
    end if;
    return (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', t.id,
                        'customer_id', t.customer_id,
                        'customer_name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                        'customer_phone', coalesce(c.phone, c.mobile),
                        'task_type', t.task_type,
                        'priority', t.priority,
                        'notes', t.notes,
                        'status', t.status,
                        'task_date', t.task_date,
                        'first_planned_on', t.first_planned_on,
                        'source', t.source,
                        'due_at', to_char(t.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'call_from', to_char(t.call_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'call_until', to_char(t.call_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'outcome', t.outcome,
                        'reasons', t.reasons,
                        'assigned_agent_id', t.assigned_agent_id,
                        'agent_name', u.name,
                        'why_agent', t.why_agent,
                        'claimed_by', t.claimed_by,
                        'attempts', (
                            select count(*) from trustcart.crm_call_attempts as a where a.task_id = t.id
                        ),
                        'customer_type', c.customer_type,
                        'lifetime_value', trim_scale(c.total_spend),
                        'last_order_date', c.last_order_date
                    )
                    order by t.priority_rank, t.due_at, t.list_position nulls first, t.id
                ),
                '[]'
            )
        from trustcart.crm_call_tasks as t
        inner join trustcart.customers as c on t.customer_id = c.id
        left join trustcart.users as u on t.assigned_agent_id = u.id
        where
            t.task_date = v_date
            and (
                p_agent_id is null
                or t.assigned_agent_id = p_agent_id
                or (t.assigned_agent_id is null and t.claimed_by = p_agent_id)
            )
            and v_status in (t.status, 'all')
    );
end;
$$;

--
-- Name: FUNCTION call_tasks_today(p_agent_id bigint, p_date text, p_status text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.call_tasks_today(p_agent_id bigint, p_date text, p_status text) IS 'GET /crm-automation/call-tasks/today: the pending call tasks of an agent, with those claimed from the pool, or of
all, for today or p_date, as an array: hot, warm, cold; within one first those with an hour, then as the plan lists
them, calls that no plan placed before the others. That is the order in which claim_next_call() hands them out, but
that there an hour that has come goes before everything, and one that has not is not called yet. p_status: another
status, or all. TC001 for the date, TC002 for the status, TC004 for an unknown agent.';

--
-- Name: customer360(bigint); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.customer360(p_customer_id bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_customer jsonb;
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    end if;
    select to_jsonb(v) || jsonb_build_object(
        'lifetime_value', trim_scale(v.lifetime_value),
        'avg_order_value', trim_scale(v.avg_order_value)
    )
    into v_customer
    from trustcart.customer_360_view as v
    where v.customer_id = p_customer_id;
    if v_customer is null then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'List the customers with list_customer360().';
    end if;
    return v_customer;
end;
$$;

--
-- Name: FUNCTION customer360(p_customer_id bigint); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.customer360(p_customer_id bigint) IS 'GET /cdm/customer360/:customerId: the row of customer_360_view as an object. TC003 without an id, TC004 for an unknown
one.';

--
-- Name: dropoff(text, integer); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.dropoff(p_risk_level text DEFAULT NULL::text, p_limit integer DEFAULT 50) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_levels text [] := array['low', 'medium', 'high', 'critical'];
    v_limit integer := coalesce(p_limit, 50);
    v_today date := trustcart.business_date();
begin
    if p_risk_level <> all(v_levels) then
        raise exception using
            errcode = 'TC002',
            message = format('riskLevel %L is unknown', p_risk_level),
            hint = 'One of: ' || array_to_string(v_levels, ', ') || '.';
    end if;
    if v_limit not between 1 and 500 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', v_limit),
            hint = 'Give 1 to 500.';
    end if;
    -- A page of each level, from the index, makes the page of all.
    return coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'customer_id', e.customer_id,
                        'name', e.name,
                        'last_active_date', e.last_active_date,
                        'days_inactive', v_today - e.last_active_date,
                        'risk_level', e.risk_level,
                        'lifetime_value', trim_scale(e.total_spend),
                        'recovery_attempted', e.recovery_attempted
                    )
                    order by e.last_active_date desc, e.customer_id
                )
            from (
                select
                    d.customer_id,
                    d.name,
                    d.last_active_date,
                    d.risk_level,
                    d.total_spend,
                    d.recovery_attempted
                from unnest(v_levels) as l (risk_level)
                cross join lateral (
                    select
                        t.customer_id,
                        nullif(concat_ws(' ', c.first_name, c.last_name), '') as name,
                        t.last_active_date,
                        t.risk_level,
                        c.total_spend,
                        t.recovery_attempted
                    from trustcart.customer_dropoff_tracking as t
                    inner join trustcart.customers as c on t.customer_id = c.id
                    where t.risk_level = l.risk_level and t.closed_on is null and c.is_active
                    order by t.last_active_date desc, t.customer_id
                    limit v_limit
                ) as d
                where p_risk_level is null or l.risk_level = p_risk_level
                order by d.last_active_date desc, d.customer_id
                limit v_limit
            ) as e
        ),
        '[]'
    );
end;
$$;

--
-- Name: FUNCTION dropoff(p_risk_level text, p_limit integer); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.dropoff(p_risk_level text, p_limit integer) IS 'GET /cdm/dropoff: the open dropoff episodes of active customers as an array, the latest lost first, days_inactive
counted to business_date(). TC002 for an unknown risk level, TC005 for a limit out of 1 to 500.';

--
-- Name: family_members(bigint); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.family_members(p_customer_id bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    end if;
    if not exists (select from trustcart.customers as c where c.id = p_customer_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'List the customers with list_customer360().';
    end if;
    return coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'id', f.id,
                        'name', f.name,
                        'relationship', f.relationship,
                        'date_of_birth', f.date_of_birth,
                        'anniversary_date', f.anniversary_date,
                        'phone', f.phone,
                        'address', f.address,
                        'notes', f.notes
                    )
                    order by f.id
                )
            from trustcart.customer_family_members as f
            where f.customer_id = p_customer_id
        ),
        '[]'
    );
end;
$$;

--
-- Name: FUNCTION family_members(p_customer_id bigint); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.family_members(p_customer_id bigint) IS 'GET /cdm/family-members/:customerId: the family of a customer as an array, as it was entered. TC003 without an id,
TC004 for an unknown one.';

--
-- Name: generate_call_tasks(text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.generate_call_tasks(p_task_date text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return trustcart.generate_daily_call_tasks(
        coalesce(trustcart.to_business_date(p_task_date), trustcart.business_date())
    );
end;
$$;

--
-- Name: FUNCTION generate_call_tasks(p_task_date text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.generate_call_tasks(p_task_date text) IS 'POST /crm-automation/generate-call-tasks: generates the call tasks of taskDate, or of today. Returns what
generate_daily_call_tasks() does. TC001 for a date that is none.';

--
-- Name: interactions(bigint, integer); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.interactions(p_customer_id bigint, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_limit integer := coalesce(p_limit, 20);
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    elsif v_limit not between 1 and 1000 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of range', p_limit),
            hint = 'Give 1 to 1000.';
    elsif not exists (select from trustcart.customers as c where c.id = p_customer_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'List the customers with list_customer360().';
    end if;
    return (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', i.id,
                        'customer_id', i.customer_id,
                        'interaction_type', i.interaction_type,
                        'direction', i.direction,
                        'subject', i.subject,
                        'details', i.details,
                        'outcome', i.outcome,
                        'agent_id', i.agent_id,
                        'agent_name', u.name,
                        'interaction_date', to_char(
                            i.interaction_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                        ),
                        'follow_up_date', i.follow_up_date
                    )
                    order by i.interaction_date desc, i.id desc
                ),
                '[]'
            )
        from (
            select n.*
            from trustcart.customer_interactions as n
            where n.customer_id = p_customer_id
            order by n.interaction_date desc, n.id desc
            limit v_limit
        ) as i
        left join trustcart.users as u on i.agent_id = u.id
    );
end;
$$;

--
-- Name: FUNCTION interactions(p_customer_id bigint, p_limit integer); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.interactions(p_customer_id bigint, p_limit integer) IS 'GET /cdm/interactions/:customerId: the latest contacts with a customer, newest first, as an array. TC003 without an id,
TC004 for an unknown one, TC005 for a limit out of 1 to 1000.';

--
-- Name: list_customer360(text, text, text, integer, integer, text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.list_customer360(p_customer_type text DEFAULT NULL::text, p_lifecycle_stage text DEFAULT NULL::text, p_temperature text DEFAULT NULL::text, p_limit integer DEFAULT 50, p_offset integer DEFAULT 0, p_sort text DEFAULT 'lifetime_value'::text) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
    v_wrong text;
    v_limit integer := coalesce(p_limit, 50);
    v_offset integer := coalesce(p_offset, 0);
    v_sort text := coalesce(p_sort, 'lifetime_value');
    v_ids bigint [];
begin
    select format('%s %L is unknown', a.argument, a.value) || '|' || array_to_string(a.allowed, ', ')
    into v_wrong
    from (
        values
        ('customerType', p_customer_type, array['new', 'repeat', 'vip', 'inactive']),
        ('lifecycleStage', p_lifecycle_stage, array['prospect', 'new', 'active', 'at_risk', 'churned']),
        ('temperature', p_temperature, array['hot', 'warm', 'cold']),
        ('sort', v_sort, array['lifetime_value', 'last_order_date'])
    ) as a (argument, value, allowed)
    where a.value <> all(a.allowed)
    limit 1;
    if v_wrong is not null then
        raise exception using
            errcode = 'TC002',
            message = split_part(v_wrong, '|', 1),
            hint = 'One of: ' || split_part(v_wrong, '|', 2) || '.';
    end if;
    if v_limit not between 1 and 500 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', v_limit),
            hint = 'Give 1 to 500.';
    end if;
    if v_offset < 0 then
        raise exception using
            errcode = 'TC005',
            message = format('offset %s is out of bounds', v_offset),
            hint = 'Give 0 or more.';
    end if;

    -- The page is found in the index alone; only its rows are then looked at in full.
    if v_sort = 'lifetime_value' then
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where
                (p_customer_type is null or c.customer_type = p_customer_type)
                and (p_lifecycle_stage is null or c.lifecycle_stage = p_lifecycle_stage)
                and (p_temperature is null or c.priority_level = p_temperature)
            order by c.total_spend desc, c.id desc
            limit v_limit offset v_offset
        );
    else
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where
                (p_customer_type is null or c.customer_type = p_customer_type)
                and (p_lifecycle_stage is null or c.lifecycle_stage = p_lifecycle_stage)
                and (p_temperature is null or c.priority_level = p_temperature)
            order by c.last_order_date desc nulls last, c.id desc
            limit v_limit offset v_offset
        );
    end if;
    return coalesce(
        (
            select
                jsonb_agg(
                    to_jsonb(v) || jsonb_build_object(
                        'lifetime_value', trim_scale(v.lifetime_value),
                        'avg_order_value', trim_scale(v.avg_order_value)
                    )
                    order by i.position
                )
            from unnest(v_ids) with ordinality as i (id, position)
            inner join trustcart.customer_360_view as v on i.id = v.customer_id
        ),
        '[]'
    );
end;
$$;

--
-- Name: FUNCTION list_customer360(p_customer_type text, p_lifecycle_stage text, p_temperature text, p_limit integer, p_offset integer, p_sort text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.list_customer360(p_customer_type text, p_lifecycle_stage text, p_temperature text, p_limit integer, p_offset integer, p_sort text) IS 'GET /cdm/customer360: a page of customer_360_view as an array, sorted by lifetime_value (or, p_sort, last_order_date),
the highest first. Filters that are null do not apply. TC002 for a value that is none of its vocabulary, TC005 for a
limit out of 1 to 500 or a negative offset. For deep pages read the view by key instead.';

--
-- Name: log_interaction(bigint, text, text, text, text, text, bigint, text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.log_interaction(p_customer_id bigint, p_interaction_type text, p_direction text DEFAULT NULL::text, p_subject text DEFAULT NULL::text, p_details text DEFAULT NULL::text, p_outcome text DEFAULT NULL::text, p_agent_id bigint DEFAULT NULL::bigint, p_follow_up_date text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_direction text := coalesce(nullif(lower(btrim(p_direction)), ''), 'outbound');
    v_type text := nullif(lower(btrim(p_interaction_type)), '');
    v_follow_up_date date := trustcart.to_business_date(p_follow_up_date);
    v_interaction jsonb;
begin
    if p_customer_id is null or v_type is null then
        raise exception using
            errcode = 'TC003',
            message = case when p_customer_id is null then 'customerId' else 'interactionType' end || ' is required',
            hint = 'An interaction needs customerId and interactionType.';
    elsif v_type not in ('call', 'whatsapp', 'sms', 'email', 'visit') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a type of interaction', p_interaction_type),
            hint = 'Known are call, whatsapp, sms, email, visit.';
    elsif v_direction not in ('inbound', 'outbound') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a direction', p_direction),
            hint = 'Known are inbound and outbound.';
    elsif v_follow_up_date < trustcart.business_date() then
        raise exception using
            errcode = 'TC204',
            message = format('followUpDate %s is past', v_follow_up_date),
            hint = 'Give today or a later date.';
    end if;
    perform from trustcart.customers as c where c.id = p_customer_id for key share;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'List the customers with list_customer360().';
    end if;
    if p_agent_id is not null then
        perform from trustcart.users as u where u.id = p_agent_id for key share;
        if not found then
            raise exception using
                errcode = 'TC004',
                message = format('there is no user %s', p_agent_id),
                hint = 'Take the id from trustcart.users.';
        end if;
    end if;

    insert into trustcart.customer_interactions as i (
        customer_id, interaction_type, direction, subject, details, outcome, agent_id, follow_up_date
    )
    values (
        p_customer_id,
        v_type,
        v_direction,
        nullif(btrim(p_subject), ''),
        nullif(btrim(p_details), ''),
        nullif(btrim(p_outcome), ''),
        p_agent_id,
        v_follow_up_date
    )
    returning
        jsonb_build_object(
            'id', i.id,
            'customer_id', i.customer_id,
            'interaction_type', i.interaction_type,
            'direction', i.direction,
            'subject', i.subject,
            'details', i.details,
            'outcome', i.outcome,
            'agent_id', i.agent_id,
            'agent_name', (select u.name from trustcart.users as u where u.id = i.agent_id),
            'interaction_date', to_char(i.interaction_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'follow_up_date', i.follow_up_date
        )
    into v_interaction;
    return v_interaction;
end;
$$;

--
-- Name: FUNCTION log_interaction(p_customer_id bigint, p_interaction_type text, p_direction text, p_subject text, p_details text, p_outcome text, p_agent_id bigint, p_follow_up_date text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.log_interaction(p_customer_id bigint, p_interaction_type text, p_direction text, p_subject text, p_details text, p_outcome text, p_agent_id bigint, p_follow_up_date text) IS 'POST /cdm/interaction: writes a contact with a customer, now, and returns it with its id. direction is outbound unless
given. TC001 date, TC002 type or direction, TC003 without customerId or interactionType, TC004 unknown customer or
user, TC204 for a followUpDate that is past.';

--
-- Name: upcoming_events(integer); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.upcoming_events(p_days integer DEFAULT 30) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'customer_id', e.customer_id,
                        'name', e.name,
                        'email', e.email,
                        'phone', e.phone,
                        'event_type', e.event_type,
                        'event_date', e.event_date,
                        'days_until', e.days_until,
                        'family_member_id', e.family_member_id
                    )
                    order by e.event_date, e.customer_id, e.family_member_id nulls first, e.event_type
                )
            from trustcart.upcoming_events(coalesce(p_days, 30)) as e
        ),
        '[]'
    );
end;
$$;

--
-- Name: FUNCTION upcoming_events(p_days integer); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.upcoming_events(p_days integer) IS 'GET /cdm/upcoming-events: the birthdays and anniversaries of the next p_days days as an array, the next first. TC005
for a negative number of days.';

--
-- Name: update_call_task_status(bigint, text, text, text, text, text, bigint, text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text DEFAULT NULL::text, p_notes text DEFAULT NULL::text, p_follow_up_date text DEFAULT NULL::text, p_due_at text DEFAULT NULL::text, p_agent_id bigint DEFAULT NULL::bigint, p_request_id text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_outcome text := nullif(btrim(p_outcome), '');
    v_notes text := nullif(btrim(p_notes), '');
    v_due_text text := nullif(btrim(p_due_at), '');
    v_due_at timestamptz;
    v_follow_up_date date;
    v_task trustcart.crm_call_tasks;
begin
    if p_task_id is null or coalesce(btrim(p_status), '') = '' then
        raise exception using
            errcode = 'TC003',
            message = case when p_task_id is null then 'taskId' else 'status' end || ' is required',
            hint = 'Give the task, and the status: completed, skipped, or pending for an attempt or a note.';
    elsif p_status not in ('completed', 'skipped', 'pending') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a status that a call task can be given', p_status),
            hint = 'Known are completed, skipped and pending.';
    end if;
    v_follow_up_date := trustcart.to_business_date(p_follow_up_date);
    if v_follow_up_date is not null and p_status <> 'completed' then
        raise exception using
            errcode = 'TC005',
            message = format('followUpDate does not go with status %s', p_status),
            hint = 'Complete the task with outcome follow_up_needed, or give dueAt with an attempt.';
    elsif v_due_text is not null and (p_status <> 'pending' or v_outcome is null) then
        raise exception using
            errcode = 'TC005',
            message = 'dueAt goes with an attempt only',
            hint = 'Give status pending and the outcome of the attempt, or complete the task with followUpDate.';
    elsif not trustcart_private.is_instant(v_due_text) then
        raise exception using
            errcode = 'TC001',
            message = format('%L is not a date and an hour', v_due_text),
            hint = 'Give dueAt as YYYY-MM-DDTHH:MM, with an offset such as +06:00 or in the time zone of the shop.';
    end if;
    v_due_at := (select trustcart_private.parse_instant(v_due_text, s.time_zone) from trustcart.settings as s);

    if (
        trustcart_private.begin_request(
            p_request_id,
            'update_call_task_status',
            jsonb_build_array(
                p_task_id, p_status, v_outcome, v_notes, v_follow_up_date, extract(epoch from v_due_at), p_agent_id
            ),
            p_task_id
        )
    ).request_id is not null then
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
    elsif p_status = 'completed' then
        v_task := trustcart.complete_call_task(
            p_task_id, v_outcome, v_notes, v_follow_up_date, p_agent_id => p_agent_id
        );
    elsif p_status = 'skipped' then
        v_task := trustcart.skip_call_task(
            p_task_id, coalesce(v_outcome, v_notes), p_notes => v_notes, p_outcome => v_outcome
        );
    else
        select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
        if v_task.status <> 'pending' then
            raise exception using
                errcode = 'TC104',
                message = format('call task %s is %s and does not become pending again', p_task_id, v_task.status),
                hint = 'Take the last outcome back with undo_call_outcome(), or create a task for another call.';
        elsif v_outcome is not null then
            v_task := trustcart.log_call_attempt(
                p_task_id, v_outcome, v_notes, p_agent_id => p_agent_id, p_due_at => v_due_at
            );
        else
            v_task := trustcart_private.lock_open_task(p_task_id);
            update trustcart.crm_call_tasks as t
            set notes = coalesce(v_notes, t.notes)
            where t.id = p_task_id
            returning t.* into v_task;
        end if;
    end if;

    return jsonb_build_object(
        'id', v_task.id,
        'customer_id', v_task.customer_id,
        'assigned_agent_id', v_task.assigned_agent_id,
        'task_type', v_task.task_type,
        'priority', v_task.priority,
        'task_date', v_task.task_date,
        'status', v_task.status,
        'outcome', v_task.outcome,
        'notes', v_task.notes,
        'follow_up_date', v_task.follow_up_date,
        'due_at', to_char(v_task.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'attempts', (select count(*) from trustcart.crm_call_attempts as a where a.task_id = p_task_id),
        'started_at', to_char(v_task.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'completed_at', to_char(v_task.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    );
end;
$$;

--
-- Name: FUNCTION update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text, p_due_at text, p_agent_id bigint, p_request_id text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text, p_due_at text, p_agent_id bigint, p_request_id text) IS 'PUT /crm-automation/call-task/:taskId/status: completes a task (outcome required; the interaction is written along)
or skips it; pending with an outcome logs an attempt, after which the task may be pending, due at an hour (p_due_at,
if one was agreed: an instant, without an offset in the shop''s time zone), or completed; pending without one changes
the notes. p_agent_id is who called; p_request_id again does nothing again. Returns the task. TC001 date, TC002
status, TC003 missing, TC004 no such task or user, TC005 arguments that do not go together, TC101, TC102, TC103 when
it is closed, TC104 back to pending, TC106 request id, TC201 agent, TC204 followUpDate or dueAt not in the future.';

--
-- Name: add_agent_calls(bigint[], date[], integer[], integer[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.add_agent_calls(p_agent_ids bigint[], p_dates date[], p_planned integer[], p_made integer[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_today date := trustcart.business_date();
    v_default integer := (select s.calls_per_agent_day from trustcart.settings as s);
    v_only bigint := case when cardinality(p_agent_ids) = 1 then p_agent_ids[1] end;
    v_refused record;
begin
    -- Who goes on leave or is deactivated meanwhile waits until these calls are there to be handed on, or is seen by
    -- the next statement.
    perform pg_advisory_xact_lock_shared(hashtextextended('trustcart.agent_days', a.agent_id))
    from (
        select distinct p.agent_id
        from unnest(p_agent_ids, p_dates, p_planned) as p (agent_id, work_date, planned)
        where p.planned > 0 and p.work_date >= v_today
        order by p.agent_id
    ) as a;

    -- One statement adds and looks: whoever is second waits for the day's row and then counts on from the first.
    with asked as materialized (
        select
            p.*,
            p.planned > 0 and p.work_date >= v_today as is_limited,
            c.agent_id is not null as is_agent,
            c.absence,
            case when p.work_date >= v_today then coalesce(c.max_calls, 0) else v_default end as cap
        from unnest(p_agent_ids, p_dates, p_planned, p_made) as p (agent_id, work_date, planned, made)
        left join (
            select
                y.work_date,
                k.agent_id,
                k.max_calls,
                k.absence
            from (select distinct x.work_date from unnest(p_dates) as x (work_date) where x.work_date >= v_today) as y
            cross join lateral trustcart_private.agent_capacity(y.work_date, v_only) as k
        ) as c
            on p.agent_id = c.agent_id and p.work_date = c.work_date
    ),

    added as (
        insert into trustcart.agent_days as d (agent_id, work_date, calls, max_calls)
        select
            a.agent_id,
            a.work_date,
            a.planned + a.made,
            greatest(a.cap, a.planned + a.made)
        from asked as a
        order by a.agent_id, a.work_date
        on conflict (agent_id, work_date) do update
        set
            calls = d.calls + excluded.calls,
            max_calls = greatest(excluded.max_calls, d.calls + excluded.calls)
        returning d.agent_id, d.work_date, d.calls
    )

    select
        a.agent_id,
        a.work_date,
        a.is_agent,
        a.absence,
        a.cap
    into v_refused
    from asked as a
    inner join added as d on a.agent_id = d.agent_id and a.work_date = d.work_date
    where a.is_limited and (not a.is_agent or a.absence is not null or d.calls > a.cap)
    order by a.agent_id, a.work_date
    limit 1;

    if not found then
        return;
    elsif not v_refused.is_agent then
        raise exception using
            errcode = 'TC201',
            message = format('user %s is not an active crm_agent', v_refused.agent_id),
            hint = 'Calls go to users with role crm_agent and is_active; without an agent a call waits in the pool.';
    elsif v_refused.absence is not null then
        raise exception using
            errcode = 'TC207',
            message = format('agent %s is away on %s: %s', v_refused.agent_id, v_refused.work_date, v_refused.absence),
            hint = 'trustcart.agent_availability() says who works; without an agent a call waits in the pool.';
    end if;
    raise exception using
        errcode = 'TC206',
        message = format('agent %s has all %s calls of %s', v_refused.agent_id, v_refused.cap, v_refused.work_date),
        hint = 'trustcart.agent_availability() says who has room; without an agent a call waits in the pool.';
end;
$$;

--
-- Name: FUNCTION add_agent_calls(p_agent_ids bigint[], p_dates date[], p_planned integer[], p_made integer[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.add_agent_calls(p_agent_ids bigint[], p_dates date[], p_planned integer[], p_made integer[]) IS 'Adds calls to days of agents, a pair (agent, date) once in the arrays: p_planned are pending, p_made were made. Pending
calls of today or later are refused to who is no active crm_agent (TC201), is away (TC207) or has no room (TC206). What
was made, and what is loaded of past days, is a fact: it is counted and raises max_calls. Locks the days in key order.';

--
-- Name: add_customer_event_days(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.add_customer_event_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    insert into trustcart.customer_event_days (customer_id, kind, occurred_on)
    select
        n.id,
        k.kind,
        k.occurred_on
    from new_rows as n
    cross join lateral (
        values ('birthday', n.date_of_birth), ('anniversary', n.anniversary_date)
    ) as k (kind, occurred_on)
    where k.occurred_on is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION add_customer_event_days(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.add_customer_event_days() IS 'Trigger of customers, by statement: the dates of new rows go to customer_event_days.';

--
-- Name: add_customer_phones(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.add_customer_phones() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    insert into trustcart_private.phone_book (phone_e164, customer_id, kind)
    select
        k.phone_e164,
        n.id,
        k.kind
    from new_rows as n
    cross join lateral (values (n.phone_e164, 'phone'), (n.mobile_e164, 'mobile')) as k (phone_e164, kind)
    where k.phone_e164 is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION add_customer_phones(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.add_customer_phones() IS 'Trigger of customers, by statement: the numbers of new rows go to phone_book.';

--
-- Name: add_family_event_days(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.add_family_event_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    insert into trustcart.customer_event_days (customer_id, family_member_id, kind, occurred_on)
    select
        n.customer_id,
        n.id,
        k.kind,
        k.occurred_on
    from new_rows as n
    cross join lateral (
        values ('birthday', n.date_of_birth), ('anniversary', n.anniversary_date)
    ) as k (kind, occurred_on)
    where k.occurred_on is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION add_family_event_days(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.add_family_event_days() IS 'Trigger of customer_family_members, by statement: the dates of new rows go to customer_event_days.';

--
-- Name: add_family_phones(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.add_family_phones() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    insert into trustcart_private.phone_book (phone_e164, customer_id, family_member_id, kind)
    select
        n.phone_e164,
        n.customer_id,
        n.id,
        'phone'
    from new_rows as n
    where n.phone_e164 is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION add_family_phones(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.add_family_phones() IS 'Trigger of customer_family_members, by statement: the numbers of new rows go to phone_book.';

--
-- Name: add_order(trustcart.sales_orders); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.add_order(p_order trustcart.sales_orders) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_known record;
    v_old trustcart.customers;
    v_as_of date;
    v_count integer;
    v_spend numeric;
    v_first date;
    v_last date;
    v_next date;
    v_days integer;
    v_type text;
    v_stage text;
begin
    -- First the lock, so that what is read next cannot change any more.
    select c.* into v_old from trustcart.customers as c where c.id = p_order.customer_id for no key update;
    -- The date is that of business_date(); one statement, since each costs its start and end.
    select
        s as settings,
        (now() at time zone s.time_zone)::date as as_of,
        os.counts,
        exists (
            select from trustcart.customer_dropoff_tracking as d
            where
                d.customer_id = p_order.customer_id
                and (d.closed_on is null or d.closed_on > p_order.order_date or d.close_reason = 'withdrawn')
        ) as has_dropoff,
        exists (
            select from trustcart.crm_call_tasks as t
            where t.customer_id = p_order.customer_id and t.status = 'pending'
        ) as has_task
    into v_known
    from trustcart.settings as s, trustcart.order_statuses as os
    where os.status = p_order.status;
    v_as_of := v_known.as_of;
    if v_old.state_valid_until <= v_as_of or v_old.state_as_of > v_as_of then
        return false;
    end if;

    v_count := v_old.order_count;
    v_spend := v_old.total_spend;
    v_first := v_old.first_order_date;
    v_last := v_old.last_order_date;
    v_next := v_old.next_order_date;
    if v_known.counts and p_order.order_date <= v_as_of then
        v_count := v_count + 1;
        v_spend := v_spend + p_order.total_amount;
        v_first := least(v_first, p_order.order_date);
        v_last := greatest(v_last, p_order.order_date);
    elsif v_known.counts then
        v_next := least(v_next, p_order.order_date);
    end if;
    v_days := v_as_of - v_last;
    v_type := trustcart_private.customer_type_of(v_count, v_spend, v_days, v_known.settings);
    v_stage := trustcart_private.lifecycle_stage_of(v_count, v_days, v_known.settings);

    update trustcart.customers as c
    set
        order_count = v_count,
        total_spend = v_spend,
        first_order_date = v_first,
        last_order_date = v_last,
        next_order_date = v_next,
        customer_type = v_type,
        lifecycle_stage = v_stage,
        priority_level = trustcart_private.priority_level_of(v_days, v_known.settings),
        state_as_of = v_as_of,
        state_valid_until = least(trustcart_private.next_label_date(v_last, v_as_of, v_known.settings), v_next),
        state_revision = c.state_revision + 1
    where c.id = p_order.customer_id;

    update trustcart.customer_behavior as b
    set
        avg_order_value = trustcart_private.avg_order_value_of(v_count, v_spend),
        avg_days_between_orders = trustcart_private.avg_days_between_orders_of(v_count, v_first, v_last),
        refresh_due = true,
        updated_at = now()
    where b.customer_id = p_order.customer_id;
    if not found and v_count > 0 then
        insert into trustcart.customer_behavior (customer_id, avg_order_value, avg_days_between_orders)
        values (
            p_order.customer_id,
            trustcart_private.avg_order_value_of(v_count, v_spend),
            trustcart_private.avg_days_between_orders_of(v_count, v_first, v_last)
        );
    end if;

    if v_type is distinct from v_old.customer_type or v_stage <> v_old.lifecycle_stage then
        insert into trustcart.customer_state_changes (
            customer_id, attribute, from_value, to_value, business_date, cause
        )
        select
            p_order.customer_id,
            a.attribute,
            a.from_value,
            a.to_value,
            v_as_of,
            'order'
        from (
            values
            ('customer_type', v_old.customer_type, v_type),
            ('lifecycle_stage', v_old.lifecycle_stage, v_stage)
        ) as a (attribute, from_value, to_value)
        where a.from_value is distinct from a.to_value;
    end if;
    if v_known.has_dropoff then
        perform trustcart_private.sync_dropoffs(array[p_order.customer_id], v_as_of);
    end if;
    if v_known.has_task then
        perform trustcart_private.cancel_overtaken_tasks(array[p_order.customer_id]);
    end if;
    return true;
end;
$$;

--
-- Name: FUNCTION add_order(p_order trustcart.sales_orders); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.add_order(p_order trustcart.sales_orders) IS 'The state of a customer after one new order: what write_customer_state() does for many, in scalar form, since a shop
takes its orders one at a time and planning trees of one row cost more than the work (measured: a third of the time).
Returns false, having locked the customer only, when the state must advance to today first.';

--
-- Name: advance_customer_state(bigint[], date, trustcart.settings, bigint[], trustcart.sales_orders[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.advance_customer_state(p_customer_ids bigint[], p_to date, p_settings trustcart.settings, p_new_order_ids bigint[] DEFAULT '{}'::bigint[], p_former_orders trustcart.sales_orders[] DEFAULT '{}'::trustcart.sales_orders[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_aged trustcart_private.customer_figures[];
    v_ordered trustcart_private.customer_figures[];
begin
    with before as (
        select c.*
        from trustcart.customers as c
        where c.id = any(p_customer_ids) and c.state_as_of < p_to
    ),

    -- The orders as they were before the statement that asks, when one does.
    known as (
        select
            o.customer_id,
            o.order_date,
            o.total_amount,
            o.status
        from trustcart.sales_orders as o
        where o.customer_id in (select b.id from before as b) and not o.id = any(p_new_order_ids)
        union all
        select
            f.customer_id,
            f.order_date,
            f.total_amount,
            f.status
        from unnest(p_former_orders) as f
    ),

    due as (
        select
            k.customer_id,
            k.order_date,
            count(*) as order_count,
            sum(k.total_amount) as total_spend
        from known as k
        inner join before as b on k.customer_id = b.id
        inner join trustcart.order_statuses as os on k.status = os.status and os.counts
        where k.order_date > b.state_as_of and k.order_date <= p_to
        group by k.customer_id, k.order_date
    ),

    upcoming as (
        select
            k.customer_id,
            min(k.order_date) as order_date
        from known as k
        inner join trustcart.order_statuses as os on k.status = os.status and os.counts
        where k.order_date > p_to
        group by k.customer_id
    ),

    -- Stretches of days within which only time passes.
    stretches as (
        select
            s.*,
            lead(s.from_date) over (partition by s.customer_id order by s.from_date) as to_date
        from (
            select
                b.id as customer_id,
                b.state_as_of as from_date,
                'time' as cause,
                b.order_count,
                b.total_spend,
                b.first_order_date,
                b.last_order_date
            from before as b
            union all
            select
                d.customer_id,
                d.order_date,
                'order',
                (b.order_count + sum(d.order_count) over w)::integer,
                b.total_spend + sum(d.total_spend) over w,
                coalesce(b.first_order_date, first_value(d.order_date) over w),
                d.order_date
            from due as d
            inner join before as b on d.customer_id = b.id
            window w as (partition by d.customer_id order by d.order_date)
        ) as s
    ),

    -- The days on which a label may change: a stretch begins, or a threshold falls within it.
    moments as (
        select
            s.customer_id,
            s.from_date as business_date,
            s.cause,
            s.order_count,
            s.total_spend,
            s.last_order_date
        from stretches as s
        union all
        select
            s.customer_id,
            s.last_order_date + t.days,
            'time',
            s.order_count,
            s.total_spend,
            s.last_order_date
        from stretches as s
        cross join lateral (
            select p_settings.at_risk_from_days
            union
            select p_settings.churned_after_days + 1
            union
            select p_settings.inactive_from_days
        ) as t (days)
        where
            s.last_order_date + t.days > s.from_date
            and s.last_order_date + t.days <= p_to
            and (s.to_date is null or s.last_order_date + t.days < s.to_date)
    ),

    labelled as (
        select
            m.customer_id,
            m.business_date,
            m.cause,
            l.customer_type,
            l.lifecycle_stage,
            lag(l.customer_type) over w as from_type,
            lag(l.lifecycle_stage) over w as from_stage,
            row_number() over w as position
        from moments as m
        inner join before as b on m.customer_id = b.id
        cross join lateral (
            select
                case
                    when m.business_date = b.state_as_of then b.customer_type
                    else trustcart_private.customer_type_of(
                        m.order_count, m.total_spend, m.business_date - m.last_order_date, p_settings
                    )
                end as customer_type,
                case
                    when m.business_date = b.state_as_of then b.lifecycle_stage
                    else trustcart_private.lifecycle_stage_of(
                        m.order_count, m.business_date - m.last_order_date, p_settings
                    )
                end as lifecycle_stage
        ) as l
        window w as (partition by m.customer_id order by m.business_date)
    ),

    history as (
        insert into trustcart.customer_state_changes (
            customer_id, attribute, from_value, to_value, business_date, cause
        )
        select
            l.customer_id,
            a.attribute,
            a.from_value,
            a.to_value,
            l.business_date,
            l.cause
        from labelled as l
        cross join lateral (
            values
            ('customer_type', l.from_type, l.customer_type),
            ('lifecycle_stage', l.from_stage, l.lifecycle_stage)
        ) as a (attribute, from_value, to_value)
        where l.position > 1 and a.from_value is distinct from a.to_value
        order by l.customer_id, l.business_date, a.attribute
    ),

    arrived as (
        select
            s.cause,
            row(
                s.customer_id,
                s.order_count,
                s.total_spend,
                s.first_order_date,
                s.last_order_date,
                u.order_date,
                l.customer_type,
                l.lifecycle_stage
            )::trustcart_private.customer_figures as figures
        from stretches as s
        inner join (
            select distinct on (x.customer_id)
                x.customer_id,
                x.customer_type,
                x.lifecycle_stage
            from labelled as x
            order by x.customer_id, x.business_date desc
        ) as l on s.customer_id = l.customer_id
        left join upcoming as u on s.customer_id = u.customer_id
        where s.to_date is null
    )

    select
        coalesce(array_agg(a.figures) filter (where a.cause = 'time'), '{}'),
        coalesce(array_agg(a.figures) filter (where a.cause = 'order'), '{}')
    into v_aged, v_ordered
    from arrived as a;

    return
        cardinality(trustcart_private.write_customer_state(v_aged, p_to, 'time'))
        + cardinality(trustcart_private.write_customer_state(v_ordered, p_to, 'order'));
end;
$$;

--
-- Name: FUNCTION advance_customer_state(p_customer_ids bigint[], p_to date, p_settings trustcart.settings, p_new_order_ids bigint[], p_former_orders trustcart.sales_orders[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.advance_customer_state(p_customer_ids bigint[], p_to date, p_settings trustcart.settings, p_new_order_ids bigint[], p_former_orders trustcart.sales_orders[]) IS 'Lets the days pass for customers, whose rows the caller has locked, from their state_as_of to p_to: orders fall due,
thresholds pass, and every stage on the way is written to the history with its own date. Orders named as new are left
out and former ones put in their place, so that a statement''s own changes come after the days before it. Returns the
customers written.';

--
-- Name: agent_capacity(date, bigint, integer); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.agent_capacity(p_date date, p_agent_id bigint DEFAULT NULL::bigint, p_calls_per_agent_day integer DEFAULT NULL::integer) RETURNS TABLE(agent_id bigint, max_calls integer, works_from time without time zone, works_until time without time zone, absence text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_weekday smallint := extract(isodow from trustcart_private.require_date(p_date));
    v_default integer := coalesce(
        p_calls_per_agent_day, (select s.calls_per_agent_day from trustcart.settings as s)
    );
    v_holiday text := (select h.name from trustcart.shop_holidays as h where h.holiday_on = p_date);
begin
    return query
    select
        x.id,
        case when x.absence is null then coalesce(x.max_calls, v_default) else 0 end,
        x.works_from,
        x.works_until,
        x.absence
    from (
        select
            u.id,
            w.max_calls,
            w.works_from,
            w.works_until,
            case
                when exists (
                    select from trustcart.agent_leave as l where l.agent_id = u.id and l.during @> p_date
                ) then 'on leave'
                when v_holiday is not null then 'holiday: ' || v_holiday
                when
                    w.agent_id is null
                    and exists (select from trustcart.agent_working_hours as o where o.agent_id = u.id)
                    then 'not a working day'
            end as absence
        from trustcart.users as u
        left join trustcart.agent_working_hours as w on u.id = w.agent_id and w.weekday = v_weekday
        where u.role = 'crm_agent' and u.is_active and (p_agent_id is null or u.id = p_agent_id)
    ) as x;
end;
$$;

--
-- Name: FUNCTION agent_capacity(p_date date, p_agent_id bigint, p_calls_per_agent_day integer); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.agent_capacity(p_date date, p_agent_id bigint, p_calls_per_agent_day integer) IS 'Who works on a date and how many calls each may be given: a row an active crm_agent, or the one asked for. max_calls
is that of the weekday in agent_working_hours, else p_calls_per_agent_day, else settings.calls_per_agent_day; 0 with
absence "on leave", "holiday: NAME" or "not a working day". works_from and works_until are in the business time zone,
null where none are stated: an agent without working hours works every day. The one home of this rule. TC001 for the
date.';

--
-- Name: agent_for_call(bigint, date, text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.agent_for_call(p_customer_id bigint, p_task_date date, p_skill text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_own bigint := (select c.assigned_agent_id from trustcart.customers as c where c.id = p_customer_id);
    v_language text := (
        select p.language from trustcart.customer_contact_preferences as p where p.customer_id = p_customer_id
    );
begin
    return (
        select a.agent_id
        from (
            select
                c.agent_id,
                c.agent_id is not distinct from v_own as is_own,
                coalesce(d.calls, 0)::numeric / c.max_calls as share
            from trustcart_private.agent_capacity(p_task_date) as c
            left join trustcart.agent_days as d on c.agent_id = d.agent_id and d.work_date = p_task_date
            where c.max_calls > coalesce(d.calls, 0)
            order by is_own desc, share, c.agent_id
            -- Sorted first: the question who suits is asked of the first few only.
            offset 0
        ) as a
        where
            (v_language is null and p_skill is null)
            or trustcart_private.agent_suits(a.agent_id, v_language, p_skill)
        order by a.is_own desc, a.share, a.agent_id
        limit 1
    );
end;
$$;

--
-- Name: FUNCTION agent_for_call(p_customer_id bigint, p_task_date date, p_skill text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.agent_for_call(p_customer_id bigint, p_task_date date, p_skill text) IS 'Who makes a call of that date: the customer''s own agent, else the agent whose day is filled the least for its size,
then the lowest id; of those who work that day, have room, speak the customer''s language and have the skill asked for.
Null when there is none: the call waits in the pool.';

--
-- Name: crm_call_task_assignments; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.crm_call_task_assignments (
    id bigint NOT NULL,
    task_id bigint NOT NULL,
    from_agent_id bigint,
    to_agent_id bigint,
    why text,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by text DEFAULT SESSION_USER NOT NULL
);

--
-- Name: TABLE crm_call_task_assignments; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.crm_call_task_assignments IS 'Every time a task went from one agent to another: with it, who owned it when is known. Written by a trigger.';

--
-- Name: COLUMN crm_call_task_assignments.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_task_assignments.id IS 'Identity; the order of the changes.';

--
-- Name: COLUMN crm_call_task_assignments.task_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_task_assignments.task_id IS 'Which task; goes with it.';

--
-- Name: COLUMN crm_call_task_assignments.from_agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_task_assignments.from_agent_id IS 'Whose it was; null: nobody''s.';

--
-- Name: COLUMN crm_call_task_assignments.to_agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_task_assignments.to_agent_id IS 'Whose it became; null: nobody''s.';

--
-- Name: COLUMN crm_call_task_assignments.why; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_task_assignments.why IS 'Why, in words.';

--
-- Name: COLUMN crm_call_task_assignments.changed_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_task_assignments.changed_at IS 'When.';

--
-- Name: COLUMN crm_call_task_assignments.changed_by; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_task_assignments.changed_by IS 'Login role that changed it.';

--
-- Name: agent_of_task(bigint, bigint, timestamp with time zone); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.agent_of_task(p_task_id bigint, p_assigned_agent_id bigint, p_at timestamp with time zone) RETURNS TABLE(agent_id bigint)
    LANGUAGE sql STABLE ROWS 1 PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (m.task_id IS NULL) THEN agent_of_task.p_assigned_agent_id
             ELSE m.from_agent_id
         END AS agent_id
    FROM (( SELECT agent_of_task.p_task_id AS task_id) t
      LEFT JOIN LATERAL ( SELECT a.task_id,
             a.from_agent_id
            FROM trustcart.crm_call_task_assignments a
           WHERE ((a.task_id = t.task_id) AND (a.changed_at >= agent_of_task.p_at))
           ORDER BY a.id
          LIMIT 1) m ON (true));
END;

--
-- Name: FUNCTION agent_of_task(p_task_id bigint, p_assigned_agent_id bigint, p_at timestamp with time zone); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.agent_of_task(p_task_id bigint, p_assigned_agent_id bigint, p_at timestamp with time zone) IS 'Whose a task was just before an instant, null for nobody''s; p_assigned_agent_id is whose it is now. Inlined into the
query that reads it.';

--
-- Name: agent_suits(bigint, text, text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.agent_suits(p_agent_id bigint, p_language text, p_skill text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return (
        p_language is null
        or exists (
            select from trustcart.agent_languages as l where l.agent_id = p_agent_id and l.language = p_language
        )
        or not exists (select from trustcart.agent_languages as l where l.agent_id = p_agent_id)
    ) and (
        p_skill is null
        or exists (select from trustcart.agent_skills as k where k.agent_id = p_agent_id and k.skill = p_skill)
        or not exists (select from trustcart.agent_skills as k where k.agent_id = p_agent_id)
    );
end;
$$;

--
-- Name: FUNCTION agent_suits(p_agent_id bigint, p_language text, p_skill text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.agent_suits(p_agent_id bigint, p_language text, p_skill text) IS 'True when an agent can take a call in that language that asks for that skill: an agent without rows in agent_languages
takes any language, one without rows in agent_skills any call; null asks for nothing.';

--
-- Name: asks_follow_up(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.asks_follow_up(p_outcome text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE((p_outcome ~* '^\s*follow_up_needed\M'::text), false);

--
-- Name: FUNCTION asks_follow_up(p_outcome text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.asks_follow_up(p_outcome text) IS 'True when the first word of an outcome is "follow_up_needed"; never null.';

--
-- Name: assign_calls(date, bigint[], bigint[], smallint[], text[], text[], integer, bigint, timestamp with time zone[], timestamp with time zone[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.assign_calls(p_date date, p_customer_ids bigint[], p_own_agents bigint[], p_priority_ranks smallint[], p_languages text[], p_skills text[], p_calls_per_agent_day integer, p_simulation bigint, p_calls_from timestamp with time zone[] DEFAULT NULL::timestamp with time zone[], p_calls_until timestamp with time zone[] DEFAULT NULL::timestamp with time zone[]) RETURNS TABLE(customer_id bigint, agent_id bigint, why_agent text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10000 PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    SET work_mem TO '64MB'
    AS $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_day_begins timestamptz := p_date::timestamp at time zone v_time_zone;
    v_languages boolean := exists (select from trustcart.agent_languages as l);
    v_skills boolean := exists (select from trustcart.agent_skills as k);
    v_agents bigint[];
    v_caps integer[];
    v_loads integer[];
    v_absences text[];
    v_begin timestamptz[];
    v_end timestamptz[];
    v_classes integer[];
    v_suits text[];
    v_round record;
    v_customers bigint[];
    v_chosen bigint[];
    v_whys text[];
begin
    -- Who works, how many calls each may have, and how many were arranged for the day before it began.
    select
        array_agg(a.agent_id order by a.agent_id),
        array_agg(a.max_calls order by a.agent_id),
        array_agg(coalesce(m.calls, 0) order by a.agent_id),
        array_agg(a.absence order by a.agent_id),
        array_agg((p_date + a.works_from) at time zone v_time_zone order by a.agent_id),
        array_agg((p_date + a.works_until) at time zone v_time_zone order by a.agent_id)
    into v_agents, v_caps, v_loads, v_absences, v_begin, v_end
    from trustcart_private.agent_capacity(
        p_date, p_calls_per_agent_day => p_calls_per_agent_day
    ) as a
    left join (
        select
            o.agent_id,
            count(*)::integer as calls
        from trustcart.crm_call_tasks as t
        cross join lateral trustcart_private.agent_of_task(t.id, t.assigned_agent_id, v_day_begins) as o
        where
            p_simulation is null
            and t.task_date = p_date
            and t.source <> 'generated'
            and t.created_at < v_day_begins
            and (t.closed_at >= v_day_begins) is not false
        group by o.agent_id
    ) as m on a.agent_id = m.agent_id;
    if v_agents is null or p_customer_ids is null then
        return;
    end if;
    -- Calls that the same agents can make, by language, skill and hours, are of one class.
    with needs as (
        select
            n.*,
            (
                select
                    array_agg(
                        trustcart_private.agent_suits(a.id, n.language, n.skill)
                        and (
                            n.call_from is null or a.works_from is null
                            or (n.call_from < a.works_until and n.call_until > a.works_from)
                        )
                        order by a.id
                    )
                from unnest(v_agents, v_begin, v_end) as a (id, works_from, works_until)
            ) as suits
        from (
            select distinct
                c.language,
                c.skill,
                c.call_from,
                c.call_until
            from unnest(p_languages, p_skills, p_calls_from, p_calls_until)
                as c (language, skill, call_from, call_until)
        ) as n
    ),

    classes as (
        select
            n.*,
            dense_rank() over (order by n.suits) as class
        from needs as n
    )

    select
        (
            select array_agg(k.class order by c.place)
            from unnest(p_languages, p_skills, p_calls_from, p_calls_until) with ordinality
                as c (language, skill, call_from, call_until, place)
            inner join classes as k
                on
                    coalesce(c.language, '') = coalesce(k.language, '')
                    and coalesce(c.skill, '') = coalesce(k.skill, '')
                    and coalesce(c.call_from, '-infinity') = coalesce(k.call_from, '-infinity')
                    and coalesce(c.call_until, 'infinity') = coalesce(k.call_until, 'infinity')
        ),
        (
            select array_agg(d.suits order by d.class)
            from (select distinct k.class, k.suits::text as suits from classes as k) as d
        )
    into v_classes, v_suits;

    -- Where every agent can make every call, one round places all. Otherwise the hot calls are placed first, then the
    -- warm, then the cold, and of each those that the fewest agents can make.
    for v_round in
        select
            r.priority_rank,
            r.class,
            r.suits
        from (
            select distinct
                case when cardinality(v_suits) > 1 then c.priority_rank end as priority_rank,
                c.class,
                v_suits[c.class]::boolean[] as suits
            from unnest(p_priority_ranks, v_classes) as c (priority_rank, class)
        ) as r
        order by
            r.priority_rank nulls first,
            (
                select count(*)
                from unnest(r.suits) as a (suits)
                where a.suits
            ),
            r.class
    loop
        with waiting as (
            select
                c.customer_id,
                c.own_agent_id,
                c.language,
                c.skill,
                row_number() over (order by c.place) as place
            from unnest(p_customer_ids, p_own_agents, p_priority_ranks, p_languages, p_skills, v_classes)
                with ordinality
                as c (customer_id, own_agent_id, priority_rank, language, skill, class, place)
            where
                (v_round.priority_rank is null or c.priority_rank = v_round.priority_rank)
                and c.class = v_round.class
        ),

        agents as (
            select
                a.agent_id,
                a.max_calls,
                a.calls
            from unnest(v_agents, v_caps, v_loads, v_round.suits) as a (agent_id, max_calls, calls, suits)
            where a.suits and a.calls < a.max_calls
        ),

        -- As many as there are places, from the top of the list.
        placed as (
            select
                w.*
            from waiting as w
            where w.place <= (select sum(a.max_calls - a.calls) from agents as a)
        ),

        own as (
            select
                p.customer_id,
                p.place,
                a.agent_id,
                a.max_calls - a.calls as room,
                row_number() over (partition by a.agent_id order by p.place) as own_place
            from placed as p
            inner join agents as a on p.own_agent_id = a.agent_id
        ),

        others as (
            select
                p.customer_id,
                p.own_agent_id,
                p.language,
                p.skill,
                row_number() over (order by p.place) as place
            from placed as p
            left join own as o on p.customer_id = o.customer_id and o.own_place <= o.room
            where o.customer_id is null
        ),

        -- The next place is with the agent whose day it fills least: so the shares end level. No share ends above what
        -- all calls are of all capacity, unless it was there before.
        seats as (
            select
                a.agent_id,
                row_number() over (order by s.calls::numeric / a.max_calls, a.agent_id) as place
            from (
                select
                    g.agent_id,
                    g.max_calls,
                    g.calls,
                    (sum(g.calls) over () + (select count(*) from others as t))::numeric
                    / sum(g.max_calls) over () as level
                from (
                    select
                        f.agent_id,
                        f.max_calls,
                        f.calls + count(o.customer_id)::integer as calls
                    from agents as f
                    left join own as o on f.agent_id = o.agent_id and o.own_place <= o.room
                    group by f.agent_id, f.max_calls, f.calls
                ) as g
            ) as a
            cross join lateral generate_series(
                a.calls + 1, least(a.max_calls, ceil(a.level * a.max_calls)::integer + 1)
            ) as s (calls)
        ),

        settled as (
            select
                o.customer_id,
                o.agent_id,
                'own' as how,
                null::bigint as own_agent_id,
                null::text as language,
                null::text as skill
            from own as o
            where o.own_place <= o.room
            union all
            select
                t.customer_id,
                s.agent_id,
                'level',
                t.own_agent_id,
                t.language,
                t.skill
            from others as t
            inner join seats as s on t.place = s.place
        ),

        loads as (
            select array_agg(l.calls order by l.agent_id) as calls
            from (
                select
                    b.agent_id,
                    b.calls + count(s.customer_id)::integer as calls
                from unnest(v_agents, v_loads) as b (agent_id, calls)
                left join settled as s on b.agent_id = s.agent_id
                group by b.agent_id, b.calls
            ) as l
        ),

        results as (
            select
                array_agg(s.customer_id) as customer_ids,
                array_agg(s.agent_id) as agent_ids,
                array_agg(
                    case when s.how = 'own' then 'the customer''s own agent' else concat_ws(
                        ': ',
                        case
                            when s.own_agent_id is null then null
                            when b.agent_id is null then format('agent %s is not active', s.own_agent_id)
                            when b.absence is not null then format('agent %s is away (%s)', s.own_agent_id, b.absence)
                            when not b.suits then format('agent %s does not suit', s.own_agent_id)
                            else format('the day of agent %s is full', s.own_agent_id)
                        end,
                        'the least loaded agent'
                        || case when v_languages then coalesce(' who speaks ' || s.language, '') else '' end
                        || case when v_skills then coalesce(' trained for ' || s.skill, '') else '' end
                    ) end
                ) as whys
            from settled as s
            left join unnest(v_agents, v_absences, v_round.suits) as b (agent_id, absence, suits)
                on s.own_agent_id = b.agent_id
        )

        select
            r.customer_ids,
            r.agent_ids,
            r.whys,
            l.calls
        into v_customers, v_chosen, v_whys, v_loads
        from results as r
        cross join loads as l;

        return query
        select
            u.customer_id,
            u.agent_id,
            u.why
        from unnest(v_customers, v_chosen, v_whys) as u (customer_id, agent_id, why);
    end loop;
end;
$$;

--
-- Name: FUNCTION assign_calls(p_date date, p_customer_ids bigint[], p_own_agents bigint[], p_priority_ranks smallint[], p_languages text[], p_skills text[], p_calls_per_agent_day integer, p_simulation bigint, p_calls_from timestamp with time zone[], p_calls_until timestamp with time zone[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.assign_calls(p_date date, p_customer_ids bigint[], p_own_agents bigint[], p_priority_ranks smallint[], p_languages text[], p_skills text[], p_calls_per_agent_day integer, p_simulation bigint, p_calls_from timestamp with time zone[], p_calls_until timestamp with time zone[]) IS 'Who makes the calls of a date: the customers come in the order of the list, with their own agent, priority, and the
language, skill and hours that the call needs, null for none. A customer stays with the own agent where that one works,
suits and has room; the rest go one after the other to the agent whose day they fill least, so that no agent who got one of
them ends with a share of the own capacity above what one call more would make that of another who could have taken it.
Whoever finds no place is not in the result. p_calls_per_agent_day null: that of settings. The same arguments and facts
give the same result.';

--
-- Name: call_requests; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE TABLE trustcart_private.call_requests (
    request_id text NOT NULL,
    operation text NOT NULL,
    arguments jsonb NOT NULL,
    task_id bigint,
    result jsonb,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT call_requests_request_id_sane CHECK (((length(request_id) >= 1) AND (length(request_id) <= 200)))
);

--
-- Name: TABLE call_requests; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.call_requests IS 'Requests that came with an idempotency key: the second of a key finds the first and its task, and does nothing.';

--
-- Name: COLUMN call_requests.request_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.call_requests.request_id IS 'The key, chosen by the caller.';

--
-- Name: COLUMN call_requests.operation; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.call_requests.operation IS 'The function called.';

--
-- Name: COLUMN call_requests.arguments; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.call_requests.arguments IS 'Its arguments: a key is not reused for others.';

--
-- Name: COLUMN call_requests.task_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.call_requests.task_id IS 'The task it came to; null when it came to none.';

--
-- Name: COLUMN call_requests.result; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.call_requests.result IS 'What was answered, where that is not a task.';

--
-- Name: COLUMN call_requests.requested_at; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.call_requests.requested_at IS 'When.';

--
-- Name: begin_request(text, text, jsonb, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.begin_request(p_request_id text, p_operation text, p_arguments jsonb, p_task_id bigint DEFAULT NULL::bigint) RETURNS trustcart_private.call_requests
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_earlier trustcart_private.call_requests;
begin
    if p_request_id is null then
        return null;
    elsif btrim(p_request_id) = '' or length(p_request_id) > 200 then
        raise exception using
            errcode = 'TC005',
            message = 'the request id is ' || case when btrim(p_request_id) = '' then 'blank' else 'too long' end,
            hint = 'Give each request an id of its own, of up to 200 characters, such as a UUID; repeated, the same.';
    end if;

    -- Two of one id at once: the second waits here, and finds the first or, where that failed, takes its place.
    insert into trustcart_private.call_requests (request_id, operation, arguments, task_id)
    values (p_request_id, p_operation, p_arguments, p_task_id)
    on conflict do nothing;
    if found then
        -- Each new request clears away two that nobody repeats any more, so that the table does not grow for ever.
        delete from trustcart_private.call_requests as r
        where r.request_id in (
            select o.request_id
            from trustcart_private.call_requests as o
            where o.requested_at < now() - interval '7 days'
            order by o.requested_at
            limit 2
            for update skip locked
        );
        return null;
    end if;

    select r.* into strict v_earlier
    from trustcart_private.call_requests as r
    where r.request_id = p_request_id;
    if (v_earlier.operation, v_earlier.arguments) is distinct from (p_operation, p_arguments) then
        raise exception using
            errcode = 'TC106',
            message = format('request id %L was used for another request, of %s', p_request_id, v_earlier.operation),
            hint = 'Repeat a request with its own arguments, or give a new one a new id.';
    end if;
    return v_earlier;
end;
$$;

--
-- Name: FUNCTION begin_request(p_request_id text, p_operation text, p_arguments jsonb, p_task_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.begin_request(p_request_id text, p_operation text, p_arguments jsonb, p_task_id bigint) IS 'Notes a request by its idempotency key. Null: it is new, or has no key, and is to be carried out. A row: it was
carried out before, with this task or result, and nothing is left to do. A request that fails leaves no trace, for it
is noted in its own transaction. The moment of a request is not one of its arguments. Requests are remembered for seven
days at least. TC005 for the key, TC106 when it was another''s.';

--
-- Name: call_task_types; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.call_task_types (
    task_type text NOT NULL,
    rank smallint NOT NULL,
    is_enabled boolean DEFAULT true NOT NULL,
    is_generated boolean DEFAULT false NOT NULL,
    base_priority text,
    window_days integer,
    max_calls integer,
    max_calls_vip integer,
    min_gap_days integer,
    win_back_max_calls integer,
    win_back_gap_days integer,
    description text NOT NULL,
    can_wait boolean DEFAULT true NOT NULL,
    carry_days integer DEFAULT 7 NOT NULL,
    required_skill text,
    CONSTRAINT call_task_types_base_priority_known CHECK ((base_priority = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text]))),
    CONSTRAINT call_task_types_cadence_sane CHECK ((((window_days >= 0) AND (window_days <= 3650)) AND ((max_calls >= 0) AND (max_calls <= 1000)) AND ((max_calls_vip >= 0) AND (max_calls_vip <= 1000)) AND ((min_gap_days >= 0) AND (min_gap_days <= 3650)) AND ((win_back_max_calls >= 0) AND (win_back_max_calls <= 1000)) AND ((win_back_gap_days >= 0) AND (win_back_gap_days <= 3650)))),
    CONSTRAINT call_task_types_carry_days_sane CHECK (((carry_days >= 0) AND (carry_days <= 3650))),
    CONSTRAINT call_task_types_required_skill_word CHECK ((required_skill ~ '^[a-z][a-z0-9_]*$'::text)),
    CONSTRAINT call_task_types_task_type_word CHECK ((task_type ~ '^[a-z][a-z0-9_]*$'::text))
);

--
-- Name: TABLE call_task_types; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.call_task_types IS 'The reasons to call a customer: rank, cadence, priority, and whether the daily generation uses it. Windows are rolling
days; any completed or attempted call counts.';

--
-- Name: COLUMN call_task_types.task_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.task_type IS 'Name of the type, as tasks carry it.';

--
-- Name: COLUMN call_task_types.rank; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.rank IS 'Order of the reasons: the lowest of a day names the call.';

--
-- Name: COLUMN call_task_types.is_enabled; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.is_enabled IS 'False: no such task is generated or created.';

--
-- Name: COLUMN call_task_types.is_generated; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.is_generated IS 'True when generate_daily_call_tasks() has a rule for it; others come from create_call_task().';

--
-- Name: COLUMN call_task_types.base_priority; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.base_priority IS 'The least priority of such a task; null: by the customer.';

--
-- Name: COLUMN call_task_types.window_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.window_days IS 'Rolling days: new_customer since the first order; repeat_reminder in which calls count; birthdays: days ahead.';

--
-- Name: COLUMN call_task_types.max_calls; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.max_calls IS 'Calls at most in the window or episode.';

--
-- Name: COLUMN call_task_types.max_calls_vip; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.max_calls_vip IS 'The same for vip customers, where it differs.';

--
-- Name: COLUMN call_task_types.min_gap_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.min_gap_days IS 'Days between two such calls at least.';

--
-- Name: COLUMN call_task_types.win_back_max_calls; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.win_back_max_calls IS 'at_risk: calls at most once the customer is inactive, in the same episode.';

--
-- Name: COLUMN call_task_types.win_back_gap_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.win_back_gap_days IS 'at_risk: days between two win-back calls at least.';

--
-- Name: COLUMN call_task_types.description; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.description IS 'What the call is for, as agents read it.';

--
-- Name: COLUMN call_task_types.can_wait; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.can_wait IS 'False: promised for its day, so it goes before those of its priority that can wait until tomorrow.';

--
-- Name: COLUMN call_task_types.carry_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.carry_days IS 'How many days after its own a call that was not made is carried over; then it expires.';

--
-- Name: COLUMN call_task_types.required_skill; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_task_types.required_skill IS 'Skill that an agent with skills of their own must have.';

--
-- Name: call_candidates(date, trustcart.settings, trustcart.call_task_types[], date, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.call_candidates(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint) RETURNS TABLE(customer_id bigint, is_kept boolean, refusal text, task_type text, priority_rank smallint, can_wait boolean, waiting_since date, own_agent_id bigint, has_own_agent boolean, language text, required_skill text, call_from timestamp with time zone, call_until timestamp with time zone, order_count integer, total_spend numeric, first_order_date date, last_order_date date, days integer, customer_type text, lifecycle_stage text, rhythm integer, asked_rank smallint, asked_on date, due_on date, due_at timestamp with time zone, note text, birthday_rank smallint, birthday date, birthdays jsonb, anniversary_rank smallint, anniversary date, anniversaries jsonb, new_rank smallint, calls_as_new bigint, risk_rank smallint, calls_at_risk bigint, repeat_rank smallint, calls_to_remind bigint, carried_rank smallint, carried_type text, carried_from bigint[], first_planned_on date, carried_fact jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100000 PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    SET work_mem TO '256MB'
    AS $$
#variable_conflict use_column
declare
    -- What the plan knows ends where the day begins; what is real, where a simulation does.
    v_day_begins timestamptz := p_date::timestamp at time zone p_settings.time_zone;
    v_real_before date := least(p_date, p_real_before);
    v_past_before date := least(p_date, trustcart.business_date());
    v_max_carry integer := (select max(t.carry_days) from unnest(p_types) as t);
    v_promised smallint[] := array(select t.rank from unnest(p_types) as t where not t.can_wait);
    v_follow_up trustcart.call_task_types;
    v_birthday trustcart.call_task_types;
    v_anniversary trustcart.call_task_types;
    v_new trustcart.call_task_types;
    v_risk trustcart.call_task_types;
    v_repeat trustcart.call_task_types;
    v_staffed tstzmultirange;
    v_whole_day tstzmultirange := tstzmultirange(tstzrange(
        v_day_begins, (p_date + 1)::timestamp at time zone p_settings.time_zone
    ));
    v_usual_hours tstzmultirange;
    v_usual_stretch tstzrange;
begin
    select t.* into v_follow_up from unnest(p_types) as t where t.task_type = 'follow_up';
    select t.* into v_birthday from unnest(p_types) as t where t.task_type = 'birthday';
    select t.* into v_anniversary from unnest(p_types) as t where t.task_type = 'anniversary';
    select t.* into v_new from unnest(p_types) as t where t.task_type = 'new_customer';
    select t.* into v_risk from unnest(p_types) as t where t.task_type = 'at_risk';
    select t.* into v_repeat from unnest(p_types) as t where t.task_type = 'repeat_reminder';
    v_staffed := trustcart_private.staffed_hours(p_date, p_settings);
    v_usual_hours := trustcart_private.call_hours(p_date, null, null, null, p_settings);
    if v_usual_hours <> v_whole_day then
        v_usual_stretch := trustcart_private.longest_stretch(v_usual_hours * v_staffed);
    end if;

    return query
    with figures as (
        -- The maintained figures are those of the orders before the day, unless an order of the day or later is in
        -- them, or one before it is not yet: then the orders are counted.
        select
            c.id as customer_id,
            c.is_active,
            c.assigned_agent_id,
            c.order_count,
            c.total_spend,
            c.first_order_date,
            c.last_order_date
        from trustcart.customers as c
        where
            (c.last_order_date is null or c.last_order_date < p_date)
            and (c.next_order_date is null or c.next_order_date >= p_date)
        union all
        select
            c.id,
            c.is_active,
            c.assigned_agent_id,
            o.order_count,
            o.total_spend,
            o.first_order_date,
            o.last_order_date
        from trustcart.customers as c
        cross join lateral (
            select
                count(*)::integer as order_count,
                coalesce(sum(so.total_amount), 0) as total_spend,
                min(so.order_date) as first_order_date,
                max(so.order_date) as last_order_date
            from trustcart.sales_orders as so
            where
                so.customer_id = c.id
                and so.order_date < p_date
                and so.status in (select os.status from trustcart.order_statuses as os where os.counts)
        ) as o
        where
            c.last_order_date >= p_date
            -- state_valid_until is never after next_order_date, and has the index.
            or (c.state_valid_until < p_date and c.next_order_date < p_date)
    ),

    states as (
        select
            f.*,
            p_date - f.last_order_date as days,
            trustcart_private.customer_type_of(
                f.order_count, f.total_spend, p_date - f.last_order_date, p_settings
            ) as customer_type,
            trustcart_private.lifecycle_stage_of(
                f.order_count, p_date - f.last_order_date, p_settings
            ) as lifecycle_stage,
            trustcart_private.avg_days_between_orders_of(
                f.order_count, f.first_order_date, f.last_order_date
            ) as rhythm
        from figures as f
        offset 0  -- here and below: what the next step uses several times is computed once
    ),

    -- The rules that follow from the orders alone.
    due as (
        select
            s.*,
            p_date - s.first_order_date <= v_new.window_days as is_new,
            case
                when s.customer_type = 'inactive' then s.last_order_date + p_settings.inactive_from_days
                when s.lifecycle_stage = 'at_risk' then s.last_order_date + p_settings.at_risk_from_days
            end as at_risk_from,
            -- Orders of one day only are no rhythm.
            s.customer_type in ('repeat', 'vip') and s.rhythm > 0 and s.days >= s.rhythm as is_repeat
        from states as s
        offset 0
    ),

    -- Everything that does not follow from the orders, a row a customer.
    occasions as (
        select
            x.customer_id,
            max(x.asked_on) as asked_on,
            max(x.due_on) as due_on,
            max(x.due_at) as due_at,
            max(x.note) as note,
            max(x.birthday) as birthday,
            jsonb_agg(x.fact order by x.birthday, x.fact) filter (
                where x.birthday is not null and not x.is_greeted
            ) as birthdays,
            max(x.anniversary) as anniversary,
            jsonb_agg(x.fact order by x.anniversary, x.fact) filter (
                where x.anniversary is not null and not x.is_greeted
            ) as anniversaries,
            max(x.manual_task_id) as manual_task_id,
            array_agg(x.open_task_id order by x.open_rank, x.open_task_id) filter (where x.is_carried) as carried_from,
            min(x.open_rank) filter (where x.is_carried) as carried_rank,
            min(x.open_priority) filter (where x.is_carried) as carried_priority,
            min(x.planned_on) filter (where x.is_carried) as first_planned_on,
            (
                array_agg(x.open_agent_id order by x.open_rank, x.open_task_id) filter (
                    where x.is_carried and x.open_agent_id is not null
                )
            )[1] as carried_agent_id,
            (
                array_agg(x.open_fact order by x.open_rank, x.open_task_id) filter (where x.is_carried)
            )[1] as carried_fact,
            min(x.planned_on) filter (where not x.is_carried) as expired_of,
            min(x.open_rank) filter (where not x.is_carried) as expired_rank
        from (
            select
                a.customer_id,
                a.asked_on,
                a.due_on,
                -- An hour of another day is past.
                case when (a.due_at at time zone p_settings.time_zone)::date = p_date then a.due_at end as due_at,
                coalesce(a.details, a.subject) as note,
                null::date as birthday,
                null::date as anniversary,
                null::jsonb as fact,
                null::boolean as is_greeted,
                null::bigint as manual_task_id,
                null::bigint as open_task_id,
                null::smallint as open_rank,
                null::smallint as open_priority,
                null::bigint as open_agent_id,
                null::date as planned_on,
                null::boolean as is_carried,
                null::jsonb as open_fact
            from trustcart_private.open_follow_ups(p_date, v_real_before) as a
            union all
            select
                e.customer_id,
                null,
                null,
                null,
                null,
                case when e.task_type = 'birthday' then e.event_date end,
                case when e.task_type = 'anniversary' then e.event_date end,
                e.fact,
                e.is_greeted,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null
            from trustcart_private.events_to_greet(p_date, p_types, v_real_before) as e
            union all
            -- A call of the day that was arranged before it, and not settled before it.
            select
                t.customer_id,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                t.id,
                null,
                null,
                null,
                null,
                null,
                null,
                null
            from trustcart.crm_call_tasks as t
            where
                p_simulation is null
                and t.task_date = p_date
                and t.source <> 'generated'
                and t.created_at < v_day_begins
                and (t.closed_at >= v_day_begins) is not false
            union all
            -- A call of a past day that nobody had made when this day began; those too old for any type are not looked
            -- at, neither before they are closed nor after.
            select
                p.customer_id,
                null,
                null,
                null,
                p.notes,
                null,
                null,
                null,
                null,
                null,
                p.id,
                y.rank,
                p.priority_rank,
                h.agent_id,
                coalesce(p.first_planned_on, p.task_date),
                p_date - coalesce(p.first_planned_on, p.task_date) <= y.carry_days and y.is_enabled,
                (
                    select r.fact
                    from jsonb_array_elements(p.reasons) as r (fact)
                    where r.fact ->> 'task_type' = p.task_type
                    limit 1
                )
            from (
                select t.*
                from trustcart.crm_call_tasks as t
                where t.status = 'pending' and t.task_date < v_past_before and t.task_date >= p_date - v_max_carry
                union all
                select t.*
                from trustcart.crm_call_tasks as t
                where
                    t.status <> 'pending'
                    and case
                        when t.settled_on is not null then t.settled_on >= p_date
                        else t.closed_at >= v_day_begins and t.closed_at < upper(v_whole_day)
                    end
                    and t.task_date < v_past_before
                    and t.task_date >= p_date - v_max_carry
            ) as p
            inner join unnest(p_types) as y on p.task_type = y.task_type
            cross join lateral trustcart_private.agent_of_task(p.id, p.assigned_agent_id, v_day_begins) as h
            where p_simulation is null
        ) as x
        group by x.customer_id
    ),

    called as (
        -- The days on which a customer was called, however often on one.
        select
            d.customer_id,
            max(h.contacted_on) as last_call,
            count(*) filter (where h.contacted_on >= d.first_order_date) as calls_as_new,
            count(*) filter (where h.contacted_on >= d.at_risk_from) as calls_at_risk,
            count(*) filter (where h.contacted_on > p_date - v_repeat.window_days) as calls_to_remind
        from trustcart_private.contact_history(v_real_before, p_simulation) as h
        inner join due as d on h.customer_id = d.customer_id
        where h.channel = 'call' and h.contacted_on < p_date
        group by d.customer_id
    ),

    blocked as (
        select
            b.customer_id,
            string_agg(b.reason, '; ' order by b.reason) as reason
        from trustcart_private.contact_blocks(p_date, v_day_begins, v_real_before, p_simulation, p_settings) as b
        group by b.customer_id
    ),

    wishes as (
        select
            p.customer_id,
            p.language,
            trustcart_private.call_hours(
                p_date, p.preferred_from, p.preferred_until, p.time_zone, p_settings
            ) as hours
        from trustcart.customer_contact_preferences as p
    ),

    candidates as (
        select
            d.*,
            o.asked_on,
            o.due_on,
            o.due_at,
            o.note,
            o.birthday,
            -- In a simulation the calls it made have greeted.
            case
                when p_simulation is null or (k.last_call >= o.birthday - v_birthday.window_days) is not true
                    then o.birthdays
            end as birthdays,
            o.anniversary,
            case
                when p_simulation is null or (k.last_call >= o.anniversary - v_anniversary.window_days) is not true
                    then o.anniversaries
            end as anniversaries,
            o.manual_task_id,
            o.carried_from,
            o.carried_rank,
            o.carried_priority,
            o.carried_agent_id,
            o.first_planned_on,
            o.carried_fact,
            o.expired_of,
            o.expired_rank,
            o.due_on is not null and (p_simulation is null or (k.last_call > o.asked_on) is not true) as is_asked,
            b.reason as blocked_by,
            w.language,
            coalesce(w.hours, v_usual_hours) as hours,
            w.hours as wished_hours,
            l.waiting_since,
            k.last_call,
            coalesce(k.calls_as_new, 0) as calls_as_new,
            coalesce(k.calls_at_risk, 0) as calls_at_risk,
            coalesce(k.calls_to_remind, 0) as calls_to_remind,
            case
                when d.customer_type = 'vip' then coalesce(v_new.max_calls_vip, v_new.max_calls)
                else v_new.max_calls
            end as max_as_new,
            case
                when d.customer_type = 'inactive' then v_risk.win_back_max_calls
                when d.customer_type = 'vip' then coalesce(v_risk.max_calls_vip, v_risk.max_calls)
                else v_risk.max_calls
            end as max_at_risk,
            case when d.customer_type = 'inactive' then v_risk.win_back_gap_days else v_risk.min_gap_days end
            as gap_at_risk,
            case
                when d.customer_type = 'vip' then coalesce(v_repeat.max_calls_vip, v_repeat.max_calls)
                else v_repeat.max_calls
            end as max_to_remind
        from due as d
        left join occasions as o on d.customer_id = o.customer_id
        left join called as k on d.customer_id = k.customer_id
        left join blocked as b on d.customer_id = b.customer_id
        left join wishes as w on d.customer_id = w.customer_id
        left join (
            -- Days generated out of turn may leave two entries that both reach the date.
            select
                w.customer_id,
                min(w.waiting_since) as waiting_since
            from trustcart.call_waiting_list as w
            where p_simulation is null and w.waiting_since < p_date and (w.ended_on >= p_date) is not false
            group by w.customer_id
            union all
            select
                s.customer_id,
                s.waiting_since
            from trustcart_private.simulated_candidates as s
            where s.simulation = p_simulation and s.waiting_since < p_date
        ) as l on d.customer_id = l.customer_id
        where d.is_new or d.at_risk_from is not null or d.is_repeat or o.customer_id is not null
    ),

    -- Of each rule that has the customer: what speaks against the call. Null where nothing does.
    judged as (
        select
            c.*,
            case
                when not c.is_active then 'the customer is inactive'
                when c.manual_task_id is not null then format('has a task already: %s', c.manual_task_id)
                when c.blocked_by is not null then c.blocked_by
                when isempty(c.hours) then 'no hour of the day to call at'
                when not c.hours && v_staffed then 'nobody works at the hours the customer may be called'
            end as no_call,
            case
                when not c.is_asked then null
                when not (v_follow_up.is_enabled and v_follow_up.is_generated) then 'type disabled'
                when p_date - c.last_call < v_follow_up.min_gap_days then format('called on %s', c.last_call)
            end as no_follow_up,
            case
                when c.birthday is null then null
                when not (v_birthday.is_enabled and v_birthday.is_generated) then 'type disabled'
                when c.birthdays is null then 'called for it already'
                when p_date - c.last_call < v_birthday.min_gap_days then format('called on %s', c.last_call)
            end as no_birthday,
            case
                when c.anniversary is null then null
                when not (v_anniversary.is_enabled and v_anniversary.is_generated) then 'type disabled'
                when c.anniversaries is null then 'called for it already'
                when p_date - c.last_call < v_anniversary.min_gap_days then format('called on %s', c.last_call)
            end as no_anniversary,
            case
                when c.is_new is not true then null
                when not (v_new.is_enabled and v_new.is_generated) then 'type disabled'
                when c.calls_as_new >= c.max_as_new
                    then format('cadence exhausted, %s calls since the first order', c.calls_as_new)
                when p_date - c.last_call < v_new.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_new.min_gap_days)
            end as no_new,
            case
                when c.at_risk_from is null then null
                when not (v_risk.is_enabled and v_risk.is_generated) then 'type disabled'
                when c.calls_at_risk >= c.max_at_risk
                    then format('cadence exhausted, %s calls since %s', c.calls_at_risk, c.at_risk_from)
                when p_date - c.last_call < c.gap_at_risk
                    then format('called on %s, less than %s days ago', c.last_call, c.gap_at_risk)
            end as no_at_risk,
            case
                when c.is_repeat is not true then null
                when not (v_repeat.is_enabled and v_repeat.is_generated) then 'type disabled'
                when c.calls_to_remind >= c.max_to_remind
                    then format('cadence exhausted, %s calls in %s days', c.calls_to_remind, v_repeat.window_days)
                when p_date - c.last_call < v_repeat.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_repeat.min_gap_days)
            end as no_repeat,
            case
                when c.expired_of is not null then format('planned for %s and not called in time', c.expired_of)
            end as no_carry
        from candidates as c
        offset 0
    ),

    ranked as (
        select
            j.*,
            case when j.is_asked and j.no_follow_up is null then v_follow_up.rank end as asked_rank,
            case when j.birthday is not null and j.no_birthday is null then v_birthday.rank end as birthday_rank,
            case
                when j.anniversary is not null and j.no_anniversary is null then v_anniversary.rank
            end as anniversary_rank,
            case when j.is_new and j.no_new is null then v_new.rank end as new_rank,
            case when j.at_risk_from is not null and j.no_at_risk is null then v_risk.rank end as risk_rank,
            case when j.is_repeat and j.no_repeat is null then v_repeat.rank end as repeat_rank
        from judged as j
        offset 0
    ),

    named as (
        select
            r.*,
            least(
                r.asked_rank, r.birthday_rank, r.anniversary_rank, r.new_rank, r.risk_rank, r.repeat_rank,
                r.carried_rank
            ) as first_rank,
            -- what a customer without a call would have been called for
            least(
                case when r.no_follow_up is not null then v_follow_up.rank end,
                case when r.no_birthday is not null then v_birthday.rank end,
                case when r.no_anniversary is not null then v_anniversary.rank end,
                case when r.no_new is not null then v_new.rank end,
                case when r.no_at_risk is not null then v_risk.rank end,
                case when r.no_repeat is not null then v_repeat.rank end
            ) as refused_rank,
            v_promised && array[
                r.asked_rank, r.birthday_rank, r.anniversary_rank, r.new_rank, r.risk_rank, r.repeat_rank, r.carried_rank
            ] as is_promised
        from ranked as r
        offset 0
    )

    select
        n.customer_id,
        n.first_rank is not null and n.no_call is null,
        coalesce(
            n.no_call,
            concat_ws(
                '; ',
                'follow_up: ' || n.no_follow_up,
                'birthday: ' || n.no_birthday,
                'anniversary: ' || n.no_anniversary,
                'new_customer: ' || n.no_new,
                'at_risk: ' || n.no_at_risk,
                'repeat_reminder: ' || n.no_repeat,
                n.no_carry
            )
        ),
        y.task_type,
        least(
            case
                when n.order_count >= p_settings.vip_order_count or n.total_spend >= p_settings.vip_spend then 1
                when n.lifecycle_stage = 'at_risk' then 2
                else 3
            end,
            case when n.asked_rank is not null then b.follow_up end,
            case when n.birthday_rank is not null then b.birthday end,
            case when n.anniversary_rank is not null then b.anniversary end,
            case when n.new_rank is not null then b.new_customer end,
            case when n.risk_rank is not null then b.at_risk end,
            case when n.repeat_rank is not null then b.repeat_reminder end,
            n.carried_priority
        )::smallint,
        not n.is_promised,
        n.waiting_since,
        coalesce(n.assigned_agent_id, n.carried_agent_id),
        n.assigned_agent_id is not null,
        n.language,
        y.required_skill,
        lower(h.stretch),
        upper(h.stretch),
        n.order_count,
        n.total_spend,
        n.first_order_date,
        n.last_order_date,
        n.days,
        n.customer_type,
        n.lifecycle_stage,
        n.rhythm,
        n.asked_rank,
        n.asked_on,
        n.due_on,
        case when n.asked_rank is not null then n.due_at end,
        n.note,
        n.birthday_rank,
        n.birthday,
        n.birthdays,
        n.anniversary_rank,
        n.anniversary,
        n.anniversaries,
        n.new_rank,
        n.calls_as_new,
        n.risk_rank,
        n.calls_at_risk,
        n.repeat_rank,
        n.calls_to_remind,
        n.carried_rank,
        z.task_type,
        n.carried_from,
        n.first_planned_on,
        n.carried_fact
    from named as n
    inner join unnest(p_types) as y on y.rank = coalesce(n.first_rank, n.refused_rank, n.expired_rank)
    left join unnest(p_types) as z on n.carried_rank = z.rank
    cross join lateral (
        select
            case
                when n.wished_hours is null then v_usual_stretch
                when n.wished_hours <> v_whole_day
                    then trustcart_private.longest_stretch(n.wished_hours * v_staffed)
            end as stretch
    ) as h
    cross join (
        select
            array_position(array['hot', 'warm', 'cold'], v_follow_up.base_priority) as follow_up,
            array_position(array['hot', 'warm', 'cold'], v_birthday.base_priority) as birthday,
            array_position(array['hot', 'warm', 'cold'], v_anniversary.base_priority) as anniversary,
            array_position(array['hot', 'warm', 'cold'], v_new.base_priority) as new_customer,
            array_position(array['hot', 'warm', 'cold'], v_risk.base_priority) as at_risk,
            array_position(array['hot', 'warm', 'cold'], v_repeat.base_priority) as repeat_reminder
    ) as b;
end;
$$;

--
-- Name: FUNCTION call_candidates(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.call_candidates(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint) IS 'Everybody whom a rule has for the calls of a date, a row a customer: kept, or refused and why; for which reasons, with
the facts behind them; how urgent; whose; in which language and hours. It knows what was dated before p_date (and real
calls before p_real_before, with those of a simulation from then on; null: none). Capacity is not its matter.';

--
-- Name: call_hours(date, time without time zone, time without time zone, text, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.call_hours(p_date date, p_preferred_from time without time zone, p_preferred_until time without time zone, p_time_zone text, p_settings trustcart.settings) RETURNS tstzmultirange
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_time_zone text := coalesce(p_time_zone, p_settings.time_zone);
    v_day tstzrange := tstzrange(
        p_date::timestamp at time zone p_settings.time_zone, (p_date + 1)::timestamp at time zone p_settings.time_zone
    );
    v_hours tstzmultirange := tstzmultirange(v_day);
    v_local date;
    v_welcome tstzmultirange := tstzmultirange();
    v_quiet tstzmultirange := tstzmultirange();
begin
    -- A day of the shop touches two days of a customer who lives elsewhere, and quiet hours may begin the day before.
    for v_local in
        select g.n::date
        from generate_series(
            (lower(v_day) at time zone v_time_zone)::date - 1, (upper(v_day) at time zone v_time_zone)::date, interval '1 day'
        ) as g (n)
    loop
        if p_preferred_from is not null then
            v_welcome := v_welcome + tstzmultirange(tstzrange(
                (v_local + p_preferred_from) at time zone v_time_zone,
                (v_local + p_preferred_until) at time zone v_time_zone
            ));
        end if;
        if p_settings.quiet_from is not null then
            v_quiet := v_quiet + tstzmultirange(tstzrange(
                (v_local + p_settings.quiet_from) at time zone v_time_zone,
                (v_local + (p_settings.quiet_until < p_settings.quiet_from)::integer + p_settings.quiet_until)
                at time zone v_time_zone
            ));
        end if;
    end loop;
    if p_preferred_from is not null then
        v_hours := v_hours * v_welcome;
    end if;
    return v_hours - v_quiet;
end;
$$;

--
-- Name: FUNCTION call_hours(p_date date, p_preferred_from time without time zone, p_preferred_until time without time zone, p_time_zone text, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.call_hours(p_date date, p_preferred_from time without time zone, p_preferred_until time without time zone, p_time_zone text, p_settings trustcart.settings) IS 'The instants of a business date at which a customer may be called: outside the shop''s quiet hours and within the hours
the customer prefers, both in the customer''s own time zone (null: the shop''s). Empty when there are none.';

--
-- Name: call_plan(date, trustcart.settings, trustcart.call_task_types[], date, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.call_plan(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint) RETURNS TABLE(customer_id bigint, task_type text, priority text, reasons jsonb, agent_id bigint, decision text, why text, priority_rank smallint, why_agent text, notes text, order_count integer, total_spend numeric, last_order_date date, days_since_last_order integer, customer_type text, lifecycle_stage text, list_position integer, call_from timestamp with time zone, call_until timestamp with time zone, carried_from bigint[], first_planned_on date, due_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100000 PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    SET work_mem TO '256MB'
    AS $$
#variable_conflict use_column
declare
    v_has_agents boolean;
    v_no_capacity text;
    v_staffed tstzmultirange := trustcart_private.staffed_hours(p_date, p_settings);
    -- Where no agent's languages or skills are known, none is asked for.
    v_languages boolean := exists (select from trustcart.agent_languages as l);
    v_skills boolean := exists (select from trustcart.agent_skills as s);
begin
    select
        count(*) > 0,
        'no capacity'
        || case
            when count(*) = count(a.absence) then coalesce(': ' || string_agg(distinct a.absence, ', '), '')
            else ''
        end
    into v_has_agents, v_no_capacity
    from trustcart_private.agent_capacity(p_date) as a;

    return query
    with candidates as materialized (
        select c.*
        from trustcart_private.call_candidates(p_date, p_settings, p_types, p_real_before, p_simulation) as c
    ),

    -- The list: within a priority first what was promised for the day, then who has been in line longest, then the
    -- most valuable. In line is who has been waiting for a place, and a call carried over, since it was first planned;
    -- of the same day who found no place goes before who had one.
    listed as materialized (
        select
            c.customer_id,
            c.own_agent_id,
            c.priority_rank,
            c.language,
            c.required_skill,
            c.call_from,
            c.call_until,
            (
                row_number() over (
                    order by
                        c.priority_rank, c.can_wait, least(c.waiting_since, c.first_planned_on) nulls last,
                        c.waiting_since nulls last, c.total_spend desc, c.customer_id
                )
            )::integer as place
        from candidates as c
        where c.is_kept
    ),

    assigned as materialized (
        select a.*
        from (
            select
                array_agg(l.customer_id order by l.place) as customer_ids,
                array_agg(l.own_agent_id order by l.place) as own_agents,
                array_agg(l.priority_rank order by l.place) as priority_ranks,
                array_agg(l.language order by l.place) as languages,
                array_agg(l.required_skill order by l.place) as skills,
                array_agg(l.call_from order by l.place) as calls_from,
                array_agg(l.call_until order by l.place) as calls_until
            from listed as l
        ) as x
        cross join lateral trustcart_private.assign_calls(
            p_date, x.customer_ids, x.own_agents, x.priority_ranks, x.languages, x.skills,
            p_settings.calls_per_agent_day, p_simulation, x.calls_from, x.calls_until
        ) as a
    ),

    placed as materialized (
        select
            d.*,
            l.place,
            a.agent_id,
            case
                when a.agent_id is null then 'no active agent'
                when a.agent_id = d.own_agent_id and not d.has_own_agent then 'had the call before'
                else a.why_agent
            end as why_agent
        from candidates as d
        inner join listed as l on d.customer_id = l.customer_id
        left join assigned as a on d.customer_id = a.customer_id
        where a.agent_id is not null or not v_has_agents
    ),

    unanswered as materialized (
        select u.*
        from (
            select array_agg(p.customer_id) as customer_ids
            from placed as p
            where p_simulation is null
        ) as x
        cross join lateral trustcart_private.unanswered_customers(x.customer_ids, p_date, p_settings) as u
    ),

    kept as (
        select
            d.*,
            h.part as other_part,
            coalesce(lower(h.stretch), d.call_from) as from_hour,
            coalesce(upper(h.stretch), d.call_until) as until_hour,
            array_remove(
                array[
                    case
                        when d.asked_rank is not null then jsonb_build_object(
                            'task_type', 'follow_up', 'rank', d.asked_rank, 'asked_on', d.asked_on,
                            'due_on', d.due_on
                        )
                        || case when d.carried_type = 'follow_up' then d.carry else '{}' end
                    end,
                    case
                        when d.birthday_rank is not null then jsonb_build_object(
                            'task_type', 'birthday', 'rank', d.birthday_rank, 'events', d.birthdays
                        )
                        || case when d.carried_type = 'birthday' then d.carry else '{}' end
                    end,
                    case
                        when d.anniversary_rank is not null then jsonb_build_object(
                            'task_type', 'anniversary', 'rank', d.anniversary_rank, 'events', d.anniversaries
                        )
                        || case when d.carried_type = 'anniversary' then d.carry else '{}' end
                    end,
                    case
                        when d.new_rank is not null then jsonb_build_object(
                            'task_type', 'new_customer', 'rank', d.new_rank,
                            'first_order_date', d.first_order_date, 'calls_before', d.calls_as_new
                        )
                        || case when d.carried_type = 'new_customer' then d.carry else '{}' end
                    end,
                    case
                        when d.risk_rank is not null then jsonb_build_object(
                            'task_type', 'at_risk', 'rank', d.risk_rank,
                            'phase', case when d.customer_type = 'inactive' then 'win_back' else 'at_risk' end,
                            'last_order_date', d.last_order_date, 'calls_before', d.calls_at_risk
                        )
                        || case when d.carried_type = 'at_risk' then d.carry else '{}' end
                    end,
                    case
                        when d.repeat_rank is not null then jsonb_build_object(
                            'task_type', 'repeat_reminder', 'rank', d.repeat_rank,
                            'last_order_date', d.last_order_date, 'avg_days_between_orders', d.rhythm,
                            'calls_before', d.calls_to_remind
                        )
                        || case when d.carried_type = 'repeat_reminder' then d.carry else '{}' end
                    end,
                    case
                        when
                            d.carried_rank is not null and d.carried_type not in (
                                select k.task_type
                                from (
                                    values
                                    ('follow_up', d.asked_rank), ('birthday', d.birthday_rank),
                                    ('anniversary', d.anniversary_rank), ('new_customer', d.new_rank),
                                    ('at_risk', d.risk_rank), ('repeat_reminder', d.repeat_rank)
                                ) as k (task_type, rank)
                                where k.rank is not null
                            )
                            then jsonb_build_object('task_type', d.carried_type, 'rank', d.carried_rank)
                            || coalesce(d.carried_fact, '{}') || d.carry || '{"still_due": false}'
                    end
                ],
                null
            ) as facts
        from (
            select
                p.*,
                case
                    when p.carried_rank is not null then jsonb_build_object(
                        'carried_from', to_jsonb(p.carried_from), 'first_planned_on', p.first_planned_on,
                        'age_days', p_date - p.first_planned_on
                    )
                end as carry
            from placed as p
        ) as d
        left join unanswered as u on d.customer_id = u.customer_id
        -- Who did not answer is tried in the part of the day that was tried least, of those within the hours.
        left join lateral (
            select
                v.part,
                s.stretch
            from (
                values
                ('morning', 1, u.mornings, time '09:00', time '12:00'),
                ('afternoon', 2, u.afternoons, time '12:00', time '17:00'),
                ('evening', 3, u.evenings, time '17:00', time '21:00')
            ) as v (part, place, tries, hours_from, hours_until)
            cross join lateral unnest(
                tstzmultirange(tstzrange(
                    (p_date + v.hours_from) at time zone p_settings.time_zone,
                    (p_date + v.hours_until) at time zone p_settings.time_zone
                ))
                * tstzmultirange(tstzrange(d.call_from, d.call_until))
                * v_staffed
            ) as s (stretch)
            where u.customer_id is not null
            order by v.tries, v.place, upper(s.stretch) - lower(s.stretch) desc, lower(s.stretch)
            limit 1
        ) as h on true
        offset 0
    )

    select
        k.customer_id,
        k.task_type,
        case k.priority_rank when 1 then 'hot' when 2 then 'warm' else 'cold' end,
        case
            when cardinality(k.facts) = 1 then jsonb_build_array(k.facts[1])
            else (select jsonb_agg(r.fact order by r.fact -> 'rank') from unnest(k.facts) as r (fact))
        end,
        k.agent_id,
        'kept',
        concat_ws(
            '; ',
            case when k.asked_rank is not null then format('asked on %s to be called on %s', k.asked_on, k.due_on) end,
            case when k.birthday_rank is not null then format('birthday on %s', k.birthday) end,
            case when k.anniversary_rank is not null then format('anniversary on %s', k.anniversary) end,
            case
                when k.new_rank is not null
                    then format('first order on %s, ', k.first_order_date)
                    || case k.calls_as_new
                        when 0 then 'not called yet'
                        when 1 then 'called once since'
                        else format('called %s times since', k.calls_as_new)
                    end
            end,
            case
                when k.risk_rank is not null
                    then format('no order since %s, ', k.last_order_date)
                    || case k.calls_at_risk
                        when 0 then 'not called about it yet'
                        when 1 then 'called once about it'
                        else format('called %s times about it', k.calls_at_risk)
                    end
            end,
            case
                when k.repeat_rank is not null
                    then format('orders every %s days, the last on %s', k.rhythm, k.last_order_date)
            end,
            case
                when k.carried_rank is not null
                    then format('planned for %s already', k.first_planned_on)
            end,
            'to be tried at another hour: ' || k.other_part
        ),
        k.priority_rank,
        k.why_agent,
        case when k.asked_rank is not null or k.carried_rank is not null then k.note end,
        k.order_count,
        k.total_spend,
        k.last_order_date,
        k.days,
        k.customer_type,
        k.lifecycle_stage,
        k.place,
        k.from_hour,
        k.until_hour,
        k.carried_from,
        k.first_planned_on,
        k.due_at
    from kept as k
    union all
    select
        d.customer_id,
        d.task_type,
        case d.priority_rank when 1 then 'hot' when 2 then 'warm' else 'cold' end,
        '[]',
        null,
        'dropped',
        case
            when d.is_kept
                then v_no_capacity
                || case when v_languages then coalesce(' in ' || d.language, '') else '' end
                || case when v_skills then coalesce(' for ' || d.required_skill, '') else '' end
            else d.refusal
        end,
        d.priority_rank,
        null,
        null,
        d.order_count,
        d.total_spend,
        d.last_order_date,
        d.days,
        d.customer_type,
        d.lifecycle_stage,
        l.place,
        null,
        null,
        d.carried_from,
        d.first_planned_on,
        d.due_at
    from candidates as d
    left join listed as l on d.customer_id = l.customer_id
    left join assigned as a on d.customer_id = a.customer_id
    where not d.is_kept or (v_has_agents and a.agent_id is null);
end;
$$;

--
-- Name: FUNCTION call_plan(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.call_plan(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint) IS 'The call list of a date under given rules: call_candidates(), put in order and handed to the agents by assign_calls().
Behind plan_daily_call_tasks(), whose columns it has, and backtest_call_plan(), which gives it a simulation.';

--
-- Name: call_refusals(timestamp with time zone, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.call_refusals(p_before timestamp with time zone, p_customer_id bigint DEFAULT NULL::bigint) RETURNS TABLE(customer_id bigint, refused_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if p_customer_id is null then
        return query
        select
            l.customer_id,
            l.recorded_at
        from (
            select distinct on (n.customer_id)
                n.customer_id,
                n.recorded_at,
                n.granted
            from trustcart.customer_consents as n
            where n.channel = 'call' and n.recorded_at < p_before
            order by n.customer_id asc, n.recorded_at desc, n.id desc
        ) as l
        where not l.granted;
    else
        return query
        select
            l.customer_id,
            l.recorded_at
        from (
            select
                n.customer_id,
                n.recorded_at,
                n.granted
            from trustcart.customer_consents as n
            where n.customer_id = p_customer_id and n.channel = 'call' and n.recorded_at < p_before
            order by n.recorded_at desc, n.id desc
            limit 1
        ) as l
        where not l.granted;
    end if;
end;
$$;

--
-- Name: FUNCTION call_refusals(p_before timestamp with time zone, p_customer_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.call_refusals(p_before timestamp with time zone, p_customer_id bigint) IS 'Customers who may not be called: whose latest consent to calls recorded before the instant is a refusal, and since
when. With p_customer_id of that customer only.';

--
-- Name: cancel_overtaken_tasks(bigint[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.cancel_overtaken_tasks(p_customer_ids bigint[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_cancelled integer;
begin
    -- The agents' days whose places become free, in the order in which all who fill them take them.
    if cardinality(p_customer_ids) > 1 then
        perform
        from trustcart.agent_days as d
        where
            (d.agent_id, d.work_date) in (
                select t.assigned_agent_id, t.task_date
                from trustcart.crm_call_tasks as t
                inner join trustcart.customers as c on t.customer_id = c.id
                where
                    t.customer_id = any(p_customer_ids)
                    and t.status = 'pending'
                    and t.started_at is null
                    and t.task_type in ('at_risk', 'repeat_reminder')
                    and c.last_order_date >= t.task_date
            )
        order by d.agent_id, d.work_date
        for no key update of d;
    end if;
    update trustcart.crm_call_tasks as t
    set
        status = 'cancelled',
        close_reason = format('the customer ordered on %s', c.last_order_date)
    from trustcart.customers as c
    where
        t.customer_id = any(p_customer_ids)
        and t.status = 'pending'
        and t.started_at is null
        and t.task_type in ('at_risk', 'repeat_reminder')
        and c.id = t.customer_id
        and c.last_order_date >= t.task_date;
    get diagnostics v_cancelled = row_count;
    return v_cancelled;
end;
$$;

--
-- Name: FUNCTION cancel_overtaken_tasks(p_customer_ids bigint[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.cancel_overtaken_tasks(p_customer_ids bigint[]) IS 'Cancels the pending at_risk and repeat_reminder calls that an order of their day, or a later one, has made pointless.
A call that an agent has begun goes on. Returns the tasks cancelled.';

--
-- Name: cancel_refused_calls(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.cancel_refused_calls() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    -- A refusal of the past that a later consent has overtaken cancels nothing, neither does one of tomorrow.
    with refused as (
        select t.id
        from (
            select distinct n.customer_id
            from new_rows as n
            where n.channel = 'call' and not n.granted
        ) as n
        cross join lateral trustcart_private.call_refusals(clock_timestamp(), n.customer_id) as r
        inner join trustcart.crm_call_tasks as t on r.customer_id = t.customer_id
        where t.status = 'pending' and t.started_at is null
        order by t.id
        for no key update of t
    )

    update trustcart.crm_call_tasks as t
    set
        status = 'cancelled',
        close_reason = 'do not call'
    where t.id in (select f.id from refused as f);
    return null;
end;
$$;

--
-- Name: FUNCTION cancel_refused_calls(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.cancel_refused_calls() IS 'Trigger of customer_consents: who forbids calls has none left to be made; a call that an agent has begun goes on.';

--
-- Name: carry_call_tasks(bigint[], date, bigint[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.carry_call_tasks(p_task_ids bigint[], p_to date, p_agent_ids bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    insert into trustcart.crm_call_tasks (
        customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, reasons, predecessor_id,
        first_planned_on, why_agent
    )
    select
        t.customer_id,
        i.agent_id,
        t.task_type,
        t.priority,
        p_to,
        t.notes,
        'carried',
        t.reasons || jsonb_build_array(jsonb_build_object(
            'task_type', t.task_type,
            'carried_from', jsonb_build_array(t.id),
            'first_planned_on', coalesce(t.first_planned_on, t.task_date)
        )),
        t.id,
        coalesce(t.first_planned_on, t.task_date),
        case
            when i.agent_id is not distinct from t.assigned_agent_id then 'had the call before'
            when i.agent_id = c.assigned_agent_id then 'the customer''s own agent'
            else format('agent %s is away or has no room on %s', t.assigned_agent_id, p_to)
        end
    from unnest(p_task_ids, p_agent_ids) with ordinality as i (task_id, agent_id, place)
    inner join trustcart.crm_call_tasks as t on i.task_id = t.id
    inner join trustcart.customers as c on t.customer_id = c.id
    order by i.place;
    update trustcart.crm_call_tasks as t
    set status = 'carried', close_reason = format('rescheduled for %s', p_to)
    where t.id = any(p_task_ids);
end;
$$;

--
-- Name: FUNCTION carry_call_tasks(p_task_ids bigint[], p_to date, p_agent_ids bigint[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.carry_call_tasks(p_task_ids bigint[], p_to date, p_agent_ids bigint[]) IS 'Closes pending tasks as carried and writes the successor of each for another date, in the order given, for the agent
of the same place in p_agent_ids, or for nobody where that is null. The caller has locked them and looked for room.';

--
-- Name: claimed_by_another(trustcart.crm_call_tasks, bigint, timestamp with time zone); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.claimed_by_another(p_task trustcart.crm_call_tasks, p_agent_id bigint, p_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return (
        select p_task.claimed_by
        from trustcart.settings as s
        where
            p_task.claimed_by <> p_agent_id
            and greatest(p_task.claimed_at, p_task.started_at) >= p_at - s.claim_timeout
    );
end;
$$;

--
-- Name: FUNCTION claimed_by_another(p_task trustcart.crm_call_tasks, p_agent_id bigint, p_at timestamp with time zone); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.claimed_by_another(p_task trustcart.crm_call_tasks, p_agent_id bigint, p_at timestamp with time zone) IS 'The other agent whose claim on a task holds at an instant; null when there is none. A claim holds for
settings.claim_timeout, from when the call was claimed or, if later, begun.';

--
-- Name: contact_days; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE TABLE trustcart_private.contact_days (
    customer_id bigint NOT NULL,
    contacted_on date NOT NULL,
    channel text NOT NULL,
    contacts integer NOT NULL,
    CONSTRAINT contact_days_contacts_positive CHECK ((contacts >= 0))
)
WITH (fillfactor='90');

--
-- Name: TABLE contact_days; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.contact_days IS 'The days on which we contacted a customer, by channel: what cadences and the weekly cap count. Kept by triggers on the
outbound interactions and the call attempts.';

--
-- Name: COLUMN contact_days.customer_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.contact_days.customer_id IS 'Who was contacted; goes with the customer.';

--
-- Name: COLUMN contact_days.contacted_on; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.contact_days.contacted_on IS 'The day, in the business time zone.';

--
-- Name: COLUMN contact_days.channel; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.contact_days.channel IS 'call, whatsapp, sms, email or visit.';

--
-- Name: COLUMN contact_days.contacts; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.contact_days.contacts IS 'Rows that say so: a completed call has an interaction and an attempt. 0 after the last was taken back.';

--
-- Name: simulated_calls; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE UNLOGGED TABLE trustcart_private.simulated_calls (
    simulation bigint NOT NULL,
    customer_id bigint NOT NULL,
    called_on date NOT NULL,
    agent_id bigint,
    task_type text
);

--
-- Name: TABLE simulated_calls; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.simulated_calls IS 'Calls that backtest_call_plan() takes as made while it runs; it removes them in the same transaction.';

--
-- Name: COLUMN simulated_calls.simulation; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_calls.simulation IS 'Which run: the id of its transaction.';

--
-- Name: COLUMN simulated_calls.customer_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_calls.customer_id IS 'Who was called in it.';

--
-- Name: COLUMN simulated_calls.called_on; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_calls.called_on IS 'The day.';

--
-- Name: COLUMN simulated_calls.agent_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_calls.agent_id IS 'Who called; null: nobody was assigned.';

--
-- Name: COLUMN simulated_calls.task_type; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_calls.task_type IS 'The first of the reasons.';

--
-- Name: contact_history(date, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.contact_history(p_real_before date, p_simulation bigint) RETURNS TABLE(customer_id bigint, contacted_on date, channel text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT d.customer_id,
     d.contacted_on,
     d.channel
    FROM trustcart_private.contact_days d
   WHERE ((d.contacts > 0) AND (d.contacted_on < contact_history.p_real_before))
 UNION ALL
  SELECT s.customer_id,
     s.called_on,
     'call'::text AS text
    FROM trustcart_private.simulated_calls s
   WHERE (s.simulation = contact_history.p_simulation);
END;

--
-- Name: FUNCTION contact_history(p_real_before date, p_simulation bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.contact_history(p_real_before date, p_simulation bigint) IS 'The days on which customers were contacted before a date, by channel, and the calls that a simulation (null: none)
takes as made. Inlined into the query that reads it.';

--
-- Name: outcome_word(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.outcome_word(p_outcome text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower("substring"(p_outcome, '^\s*([A-Za-z_]+)'::text));

--
-- Name: FUNCTION outcome_word(p_outcome text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.outcome_word(p_outcome text) IS 'The first word of an outcome, lower case: what call_outcomes knows it by; null when there is none.';

--
-- Name: unreachable_customers(timestamp with time zone, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.unreachable_customers(p_before timestamp with time zone, p_customer_id bigint DEFAULT NULL::bigint) RETURNS TABLE(customer_id bigint, flagged_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
begin
    -- Asked before every call, and hardly any customer has a flag.
    if p_customer_id is not null and not exists (
        select from trustcart.customer_phone_flags as f where f.customer_id = p_customer_id
    ) then
        return;
    end if;
    -- Planned with its arguments: p_customer_id null leaves the condition out, else it leads to the index.
    return query
    with flags as (
        select
            f.customer_id,
            f.phone,
            max(f.flagged_at) as flagged_at
        from trustcart.customer_phone_flags as f
        where
            f.flagged_at < p_before
            and (f.cleared_at is null or f.cleared_at >= p_before)
            and (p_customer_id is null or f.customer_id = p_customer_id)
        group by f.customer_id, f.phone
    )

    select
        c.id,
        max(f.flagged_at)
    from (select distinct g.customer_id from flags as g) as w
    inner join trustcart.customers as c on w.customer_id = c.id
    cross join lateral (
        values
        (trustcart_private.phone_key(c.phone, c.phone_e164)), (trustcart_private.phone_key(c.mobile, c.mobile_e164))
    ) as n (phone)
    left join flags as f on n.phone = f.phone and c.id = f.customer_id
    where n.phone is not null
    group by c.id
    having count(*) = count(f.phone);
end;
$$;

--
-- Name: FUNCTION unreachable_customers(p_before timestamp with time zone, p_customer_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.unreachable_customers(p_before timestamp with time zone, p_customer_id bigint) IS 'Customers all of whose numbers were flagged as wrong at the instant, and since when; who has no number at all is not
among them. With p_customer_id of that customer only. Numbers are those of now, flags those of then.';

--
-- Name: call_outcomes; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.call_outcomes (
    outcome text NOT NULL,
    next_step text DEFAULT 'none'::text NOT NULL,
    retry_after interval,
    max_attempts smallint,
    pause_days integer,
    description text NOT NULL,
    CONSTRAINT call_outcomes_next_step_known CHECK ((next_step = ANY (ARRAY['none'::text, 'retry'::text, 'follow_up'::text, 'pause'::text, 'flag_phone'::text]))),
    CONSTRAINT call_outcomes_outcome_word CHECK ((outcome ~ '^[a-z_]+$'::text)),
    CONSTRAINT call_outcomes_pause_complete CHECK (
CASE
    WHEN (next_step = 'pause'::text) THEN COALESCE(((pause_days >= 1) AND (pause_days <= 3650)), false)
    ELSE (pause_days IS NULL)
END),
    CONSTRAINT call_outcomes_retry_complete CHECK (
CASE
    WHEN (next_step = 'retry'::text) THEN COALESCE(((retry_after > '00:00:00'::interval) AND ((max_attempts >= 1) AND (max_attempts <= 100))), false)
    ELSE ((retry_after IS NULL) AND (max_attempts IS NULL))
END)
);

--
-- Name: TABLE call_outcomes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.call_outcomes IS 'What the outcome of a contact leads to, by its first word; a word that is not here leads to nothing.';

--
-- Name: COLUMN call_outcomes.outcome; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_outcomes.outcome IS 'First word of the outcome.';

--
-- Name: COLUMN call_outcomes.next_step; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_outcomes.next_step IS 'none; retry: again after retry_after; follow_up: on its date; pause: no calls for pause_days; flag_phone: the number is
wrong.';

--
-- Name: COLUMN call_outcomes.retry_after; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_outcomes.retry_after IS 'retry: how long after the attempt the next is due.';

--
-- Name: COLUMN call_outcomes.max_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_outcomes.max_attempts IS 'retry: attempts of one task at most; then the customer''s next call is planned for another part of the day.';

--
-- Name: COLUMN call_outcomes.pause_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_outcomes.pause_days IS 'pause: days without calls from the day of the outcome on.';

--
-- Name: COLUMN call_outcomes.description; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_outcomes.description IS 'What it means, as agents read it.';

--
-- Name: contact_blocks(date, timestamp with time zone, date, bigint, trustcart.settings, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.contact_blocks(p_date date, p_before timestamp with time zone, p_real_before date, p_simulation bigint, p_settings trustcart.settings, p_customer_id bigint DEFAULT NULL::bigint) RETURNS TABLE(customer_id bigint, reason text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT r.customer_id,
     'do not call'::text AS reason
    FROM trustcart_private.call_refusals(contact_blocks.p_before, contact_blocks.p_customer_id) r(customer_id, refused_at)
 UNION ALL
  SELECT u.customer_id,
     'wrong number: none is left'::text AS reason
    FROM trustcart_private.unreachable_customers(contact_blocks.p_before, contact_blocks.p_customer_id) u(customer_id, flagged_at)
 UNION ALL
  SELECT h.customer_id,
     (('contacted '::text || count(*)) || ' times in seven days'::text) AS reason
    FROM trustcart_private.contact_history(contact_blocks.p_real_before, contact_blocks.p_simulation) h(customer_id, contacted_on, channel)
   WHERE ((h.contacted_on > (contact_blocks.p_date - 7)) AND (h.contacted_on <= contact_blocks.p_date) AND (NOT ((h.contacted_on = contact_blocks.p_date) AND (h.channel = 'call'::text))))
   GROUP BY h.customer_id
  HAVING (count(*) >= (contact_blocks.p_settings).contacts_per_week)
 UNION ALL
  SELECT i.customer_id,
     max((((((o.outcome || ' on '::text) || ((i.interaction_date AT TIME ZONE (contact_blocks.p_settings).time_zone))::date) || ', no calls for '::text) || o.pause_days) || ' days'::text)) AS reason
    FROM (trustcart.call_outcomes o
      JOIN trustcart.customer_interactions i ON (((trustcart_private.outcome_word(i.outcome) = o.outcome) AND (trustcart_private.outcome_word(i.outcome) = ANY (ARRAY( SELECT p.outcome
            FROM trustcart.call_outcomes p
           WHERE (p.next_step = 'pause'::text)))) AND (i.interaction_date >= (((contact_blocks.p_date - ( SELECT max(p.pause_days) AS max
            FROM trustcart.call_outcomes p)))::timestamp without time zone AT TIME ZONE (contact_blocks.p_settings).time_zone)) AND (i.outcome IS NOT NULL) AND (NOT trustcart_private.is_successful_outcome(i.outcome)) AND (i.interaction_date >= ((((contact_blocks.p_date - o.pause_days) + 1))::timestamp without time zone AT TIME ZONE (contact_blocks.p_settings).time_zone)) AND (i.interaction_date < LEAST(contact_blocks.p_before, ((contact_blocks.p_real_before)::timestamp without time zone AT TIME ZONE (contact_blocks.p_settings).time_zone))))))
   WHERE ((o.next_step = 'pause'::text) AND (NOT (EXISTS ( SELECT
            FROM trustcart.customer_interactions later
           WHERE ((later.customer_id = i.customer_id) AND (later.direction = 'inbound'::text) AND (later.interaction_date > i.interaction_date) AND (later.interaction_date < contact_blocks.p_before))))))
   GROUP BY i.customer_id;
END;

--
-- Name: FUNCTION contact_blocks(p_date date, p_before timestamp with time zone, p_real_before date, p_simulation bigint, p_settings trustcart.settings, p_customer_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.contact_blocks(p_date date, p_before timestamp with time zone, p_real_before date, p_simulation bigint, p_settings trustcart.settings, p_customer_id bigint) IS 'Customers who must not be called on p_date, and why, by what was known at p_before (contacts: before the date
p_real_before, and those of a simulation): they said so, none of their numbers is theirs, they were contacted often
enough over all channels, or an outcome asked for a pause. A row a rule. Inlined: with a condition on customer_id, and
the same customer as p_customer_id, it takes a few index entries.';

--
-- Name: count_agent_calls(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.count_agent_calls() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_agent_ids bigint[];
    v_dates date[];
    v_planned integer[];
    v_made integer[];
    v_from bigint;
    v_to bigint;
begin
    if tg_op = 'UPDATE' then
        v_from := case when old.status not in ('skipped', 'cancelled') then old.assigned_agent_id end;
        v_to := case when new.status not in ('skipped', 'cancelled') then new.assigned_agent_id end;
        if new.status = 'pending' and v_to is not null then
            -- Agents before days, as everywhere.
            perform pg_advisory_xact_lock_shared(hashtextextended('trustcart.agent_days', v_to));
        end if;
        -- Both days in key order.
        if (v_from, old.task_date) < (v_to, new.task_date) then
            perform trustcart_private.free_agent_calls(array[v_from], array[old.task_date], array[1]);
        end if;
        if v_to is not null then
            perform trustcart_private.add_agent_calls(
                array[v_to],
                array[new.task_date],
                array[(new.status = 'pending')::integer],
                array[(new.status <> 'pending')::integer]
            );
        end if;
        if v_from is not null and ((v_from, old.task_date) < (v_to, new.task_date)) is not true then
            perform trustcart_private.free_agent_calls(array[v_from], array[old.task_date], array[1]);
        end if;
    elsif tg_op = 'INSERT' then
        select
            array_agg(n.assigned_agent_id order by n.assigned_agent_id, n.task_date),
            array_agg(n.task_date order by n.assigned_agent_id, n.task_date),
            array_agg(n.planned order by n.assigned_agent_id, n.task_date),
            array_agg(n.made order by n.assigned_agent_id, n.task_date)
        into v_agent_ids, v_dates, v_planned, v_made
        from (
            select
                t.assigned_agent_id,
                t.task_date,
                count(*) filter (where t.status = 'pending') as planned,
                count(*) filter (where t.status <> 'pending') as made
            from new_rows as t
            where t.assigned_agent_id is not null and t.status not in ('skipped', 'cancelled')
            group by t.assigned_agent_id, t.task_date
        ) as n;
        if v_agent_ids is not null then
            perform trustcart_private.add_agent_calls(v_agent_ids, v_dates, v_planned, v_made);
        end if;
    elsif tg_op = 'DELETE' then
        select
            array_agg(o.assigned_agent_id order by o.assigned_agent_id, o.task_date),
            array_agg(o.task_date order by o.assigned_agent_id, o.task_date),
            array_agg(o.calls order by o.assigned_agent_id, o.task_date)
        into v_agent_ids, v_dates, v_made
        from (
            select
                t.assigned_agent_id,
                t.task_date,
                count(*) as calls
            from old_rows as t
            where t.assigned_agent_id is not null and t.status not in ('skipped', 'cancelled')
            group by t.assigned_agent_id, t.task_date
        ) as o;
        if v_agent_ids is not null then
            perform trustcart_private.free_agent_calls(v_agent_ids, v_dates, v_made);
        end if;
    else
        delete from trustcart.agent_days;
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION count_agent_calls(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.count_agent_calls() IS 'Trigger of crm_call_tasks: keeps agent_days, the calls of an agent''s day that are not skipped or cancelled, and with
it the cap. TC201, TC206 and TC207 as add_agent_calls() says.';

--
-- Name: count_customer_links(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.count_customer_links() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_ids bigint[];
    v_added integer[];
begin
    if tg_op = 'INSERT' then
        select array_agg(l.customer_id order by l.customer_id), array_agg(l.added order by l.customer_id)
        into v_ids, v_added
        from (
            select
                n.customer_id,
                count(*) as added
            from new_rows as n
            group by n.customer_id
        ) as l;
    elsif tg_op = 'UPDATE' then
        select array_agg(l.customer_id order by l.customer_id), array_agg(l.added order by l.customer_id)
        into v_ids, v_added
        from (
            select
                m.customer_id,
                sum(m.added) as added
            from (
                select
                    n.customer_id,
                    1 as added
                from new_rows as n
                union all
                select
                    o.customer_id,
                    -1
                from old_rows as o
            ) as m
            group by m.customer_id
            having sum(m.added) <> 0
        ) as l;
    elsif tg_op = 'DELETE' then
        select array_agg(l.customer_id order by l.customer_id), array_agg(l.added order by l.customer_id)
        into v_ids, v_added
        from (
            select
                o.customer_id,
                -count(*) as added
            from old_rows as o
            group by o.customer_id
        ) as l;
    elsif tg_table_name = 'customer_family_members' then
        select array_agg(c.id order by c.id), array_agg(-c.family_members_count order by c.id)
        into v_ids, v_added
        from trustcart.customers as c
        where c.family_members_count > 0;
    else
        select array_agg(c.id order by c.id), array_agg(-c.interactions_count order by c.id)
        into v_ids, v_added
        from trustcart.customers as c
        where c.interactions_count > 0;
    end if;

    -- Pure increments: nothing has to be locked and read first, but the order of several is the planner's choice (in a
    -- small table that of the heap), and two such statements deadlock.
    if cardinality(v_ids) > 1 then
        perform trustcart_private.lock_customers(v_ids);
    end if;
    if tg_table_name = 'customer_family_members' then
        update trustcart.customers as c
        set
            family_members_count = c.family_members_count + l.added,
            state_revision = c.state_revision + 1
        from unnest(v_ids, v_added) as l (customer_id, added)
        where c.id = l.customer_id;
    else
        update trustcart.customers as c
        set
            interactions_count = c.interactions_count + l.added,
            state_revision = c.state_revision + 1
        from unnest(v_ids, v_added) as l (customer_id, added)
        where c.id = l.customer_id;
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION count_customer_links(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.count_customer_links() IS 'Trigger of customer_family_members and customer_interactions, statement-level: keeps how many of them a customer has.';

--
-- Name: day_part_of(integer); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.day_part_of(p_hour integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((p_hour >= 5) AND (p_hour <= 11)) THEN 'morning'::text
             WHEN ((p_hour >= 12) AND (p_hour <= 16)) THEN 'afternoon'::text
             WHEN ((p_hour >= 17) AND (p_hour <= 20)) THEN 'evening'::text
             WHEN (p_hour IS NOT NULL) THEN 'night'::text
             ELSE NULL::text
         END AS day_part;
END;

--
-- Name: FUNCTION day_part_of(p_hour integer); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.day_part_of(p_hour integer) IS 'The part of the day an hour (0 to 23) belongs to: morning 5-11, afternoon 12-16, evening 17-20, night else.';

--
-- Name: derive_call_task(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.derive_call_task() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    new.updated_at := now();
    if new.status = 'pending' then
        new.completed_at := null;
        new.closed_at := null;
        if tg_op = 'INSERT' or old.status <> 'pending' then
            new.before_outcome := null;
        elsif new.assigned_agent_id is distinct from old.assigned_agent_id
            and new.claimed_by is distinct from new.assigned_agent_id then
            -- Whose it was has nothing more to do with it.
            new.claimed_by := null;
            new.claimed_at := null;
        end if;
        if
            tg_op = 'UPDATE' and old.assigned_agent_id is not null
            and new.assigned_agent_id is distinct from old.assigned_agent_id
            and new.why_agent is not distinct from old.why_agent
        then
            new.why_agent := null;  -- it spoke of the other agent
        end if;
        return new;
    end if;

    new.claimed_by := null;
    new.claimed_at := null;
    if tg_op = 'INSERT' or old.status = 'pending' then
        -- clock_timestamp: a task may be begun and completed within one transaction.
        new.closed_at := clock_timestamp();
        new.completed_at := case when new.status = 'completed' then new.closed_at end;
        new.before_outcome := case
            when tg_op = 'UPDATE' and new.status in ('completed', 'skipped') then jsonb_build_object(
                'assigned_agent_id', old.assigned_agent_id,
                'why_agent', old.why_agent,
                'outcome', old.outcome,
                'notes', old.notes,
                'follow_up_date', old.follow_up_date,
                'close_reason', old.close_reason,
                'due_at', old.due_at,
                'started_at', old.started_at,
                'claimed_by', old.claimed_by,
                'claimed_at', old.claimed_at
            )
        end;
    else
        new.closed_at := old.closed_at;
        new.completed_at := case when new.status = 'completed' then coalesce(old.completed_at, clock_timestamp()) end;
        new.before_outcome := old.before_outcome;
    end if;
    return new;
end;
$$;

--
-- Name: FUNCTION derive_call_task(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.derive_call_task() IS 'Trigger: completed_at, closed_at and updated_at of a task follow from its status, whatever values were supplied. A
task that leaves pending is nobody''s claim any more, and remembers in before_outcome what it was; one that goes to
another agent loses the claim of the first.';

--
-- Name: derive_customer(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.derive_customer() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if tg_op = 'INSERT' then
        new.phone_e164 := trustcart.normalize_phone(new.phone);
        new.mobile_e164 := trustcart.normalize_phone(new.mobile);
        new.order_count := 0;
        new.total_spend := 0;
        new.first_order_date := null;
        new.last_order_date := null;
        new.next_order_date := null;
        new.customer_type := null;
        new.lifecycle_stage := 'prospect';
        new.priority_level := 'cold';
        new.family_members_count := 0;
        new.interactions_count := 0;
        new.state_as_of := '-infinity';
        new.state_valid_until := null;
        new.state_revision := 0;
        return new;
    end if;

    -- After the fact: a BEFORE trigger would lock the row once more with every order (measured: a tenth of its time).
    update trustcart.customers as c
    set
        phone_e164 = case
            when new.phone is distinct from old.phone then trustcart.normalize_phone(new.phone)
            else old.phone_e164
        end,
        mobile_e164 = case
            when new.mobile is distinct from old.mobile then trustcart.normalize_phone(new.mobile)
            else old.mobile_e164
        end,
        order_count = old.order_count,
        total_spend = old.total_spend,
        first_order_date = old.first_order_date,
        last_order_date = old.last_order_date,
        next_order_date = old.next_order_date,
        customer_type = old.customer_type,
        lifecycle_stage = old.lifecycle_stage,
        priority_level = old.priority_level,
        family_members_count = old.family_members_count,
        interactions_count = old.interactions_count,
        state_as_of = old.state_as_of,
        state_valid_until = old.state_valid_until,
        state_revision = old.state_revision + 1,
        updated_at = case
            when
                (
                    new.first_name, new.last_name, new.email, new.phone, new.mobile, new.gender, new.date_of_birth,
                    new.anniversary_date, new.address, new.city, new.district, new.notes, new.is_active,
                    new.assigned_agent_id
                ) is distinct from (
                    old.first_name, old.last_name, old.email, old.phone, old.mobile, old.gender, old.date_of_birth,
                    old.anniversary_date, old.address, old.city, old.district, old.notes, old.is_active,
                    old.assigned_agent_id
                )
                then now()
            else old.updated_at
        end
    where c.id = new.id;
    return null;
end;
$$;

--
-- Name: FUNCTION derive_customer(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.derive_customer() IS 'Trigger: the derived columns of a customer are no one''s to enter. A new one begins without orders, an update leaves
them as they are, whatever values were supplied; phone_e164, mobile_e164 and updated_at follow from what was entered.';

--
-- Name: derive_customer_behavior(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.derive_customer_behavior() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
    if exists (select from trustcart.customer_behavior as b where b.customer_id = new.customer_id) then
        raise notice 'customer % has a row in customer_behavior already; its figures are derived, the values given are ignored',
        new.customer_id;
        return null;
    end if;
    select
        trustcart_private.avg_order_value_of(c.order_count, c.total_spend),
        trustcart_private.avg_days_between_orders_of(c.order_count, c.first_order_date, c.last_order_date)
    into new.avg_order_value, new.avg_days_between_orders
    from trustcart.customers as c
    where c.id = new.customer_id;
    new.preferred_categories := '{}';
    new.preferred_payment_method := null;
    new.peak_order_time := null;
    new.has_abandoned_cart := false;
    new.cart_recovery_count := 0;
    new.refresh_due := true;
    return new;
end;
$$;

--
-- Name: FUNCTION derive_customer_behavior(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.derive_customer_behavior() IS 'Trigger: a row of customer_behavior begins with derived figures, whatever values were supplied.';

--
-- Name: derive_dropoff(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.derive_dropoff() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
    v_settings trustcart.settings;
    v_as_of date := new.level_as_of;
    v_last_order_date date;
    v_dated boolean := new.last_active_date is not null;
begin
    select s.* into v_settings from trustcart.settings as s;

    -- detect_dropoffs() says as of when; others insert what holds today.
    if v_as_of is null then
        v_as_of := trustcart.business_date();
        select c.last_order_date into v_last_order_date
        from trustcart.customers as c
        where c.id = new.customer_id;
        if not found then
            new.last_active_date := v_as_of - 36500;  -- any episode will do for the foreign key to refuse
        end if;
        new.last_active_date := coalesce(
            new.last_active_date, v_last_order_date, v_as_of - least(new.days_inactive, 36500)
        );

        if exists (
            select
            from trustcart.customer_dropoff_tracking as d
            where d.customer_id = new.customer_id and d.last_active_date = new.last_active_date
        ) then
            raise notice 'customer % has an episode since % already; it stays as it is',
                new.customer_id, new.last_active_date;
            return null;
        end if;

        -- A silence that an order has ended is a closed episode, if it was one.
        new.closed_on := null;
        new.close_reason := null;
        if v_last_order_date > new.last_active_date then
            select o.order_date, 'order' into new.closed_on, new.close_reason
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status and os.counts
            where
                o.customer_id = new.customer_id and o.order_date > new.last_active_date
                and o.order_date <= v_as_of
            order by o.order_date
            limit 1;
            v_as_of := coalesce(new.closed_on - 1, v_as_of);
        end if;
    end if;

    new.risk_level := trustcart_private.risk_level_of(v_as_of - new.last_active_date, v_settings);
    if new.risk_level is null then
        if not v_dated then
            raise notice 'customer % is not silent for more than % days; no episode is opened',
                new.customer_id, v_settings.dropoff_low_after_days;
            return null;
        end if;
        raise exception using
            errcode = 'TC205',
            message = format('customer %s was not silent for more than %s days after %s',
                new.customer_id, v_settings.dropoff_low_after_days, coalesce(new.last_active_date::text, 'null')),
            hint = 'Leave last_active_date out: it is the date of the last counted order. '
            'detect_dropoffs() opens every episode that is due.';
    end if;
    select l.after_days + 1 into new.days_inactive
    from trustcart_private.dropoff_levels(v_settings) as l
    where l.risk_level = new.risk_level;
    new.level_as_of := new.last_active_date + new.days_inactive;
    new.opened_on := new.last_active_date + v_settings.dropoff_low_after_days + 1;
    new.reason := coalesce(new.reason, trustcart_private.dropoff_reason_of(new.days_inactive - 1));
    new.recovery_successful := new.recovery_attempted and new.close_reason is not distinct from 'order';
    return new;
end;
$$;

--
-- Name: FUNCTION derive_dropoff(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.derive_dropoff() IS 'Trigger: an episode follows from the customer, the date last active and whether recovery was attempted; other values
supplied are ignored. The date defaults to the last counted order''s. One that exists already stays as it is, and where
there is no silence none is opened, with a notice; a date supplied that makes none is refused (TC205).';

--
-- Name: derive_family_member(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.derive_family_member() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    new.phone_e164 := trustcart.normalize_phone(new.phone);
    return new;
end;
$$;

--
-- Name: FUNCTION derive_family_member(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.derive_family_member() IS 'Trigger: phone_e164 follows from the phone as typed, whatever value was supplied.';

--
-- Name: dropoff_levels(trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.dropoff_levels(p_settings trustcart.settings) RETURNS TABLE(risk_level text, after_days integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT l.risk_level,
     l.after_days
    FROM ( VALUES ('low'::text,(dropoff_levels.p_settings).dropoff_low_after_days), ('medium'::text,(dropoff_levels.p_settings).dropoff_medium_after_days), ('high'::text,(dropoff_levels.p_settings).dropoff_high_after_days), ('critical'::text,(dropoff_levels.p_settings).dropoff_critical_after_days)) l(risk_level, after_days);
END;

--
-- Name: FUNCTION dropoff_levels(p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.dropoff_levels(p_settings trustcart.settings) IS 'The levels of dropoff risk and the days without an order after which each begins.';

--
-- Name: dropoff_reason_of(integer); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.dropoff_reason_of(p_after_days integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (('no order for more than '::text || p_after_days) || ' days'::text) AS dropoff_reason;
END;

--
-- Name: FUNCTION dropoff_reason_of(p_after_days integer); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.dropoff_reason_of(p_after_days integer) IS 'The threshold of a dropoff level, in words; null without one.';

--
-- Name: events_to_greet(date, trustcart.call_task_types[], date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.events_to_greet(p_task_date date, p_types trustcart.call_task_types[], p_real_before date) RETURNS TABLE(customer_id bigint, task_type text, event_date date, fact jsonb, is_greeted boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_before timestamptz := least(p_task_date, p_real_before)::timestamp at time zone v_time_zone;
    v_days_ahead integer := (
        select max(t.window_days)
        from unnest(p_types) as t
        where t.task_type in ('birthday', 'anniversary')
    );
begin
    return query
    select
        e.customer_id,
        e.task_type,
        e.event_date,
        e.fact,
        exists (
            select
            from trustcart.crm_call_tasks as t
            where
                t.customer_id = e.customer_id
                -- The call named this occurrence, or was created by hand for such.
                and (
                    (t.task_type = e.task_type and t.reasons = '[]')
                    or t.reasons @> jsonb_build_array(
                        jsonb_build_object('task_type', e.task_type, 'events', jsonb_build_array(e.fact - 'name'))
                    )
                )
                and (
                    (t.completed_at >= e.notice_begins and t.completed_at < v_before)
                    or exists (
                        select
                        from trustcart.crm_call_attempts as a
                        where
                            a.task_id = t.id
                            and a.attempted_at >= e.notice_begins
                            and a.attempted_at < v_before
                    )
                )
        )
    from (
        select
            u.customer_id,
            y.task_type,
            u.event_date,
            (u.event_date - coalesce(y.window_days, 0))::timestamp at time zone v_time_zone as notice_begins,
            jsonb_strip_nulls(jsonb_build_object(
                'event_type', u.event_type,
                'event_date', u.event_date,
                'family_member_id', u.family_member_id,
                'name', u.name
            )) as fact
        from trustcart.upcoming_events(coalesce(v_days_ahead, 0), p_task_date) as u
        inner join unnest(p_types) as y
            on y.task_type = case when u.event_type like '%birthday' then 'birthday' else 'anniversary' end
        where u.days_until <= coalesce(y.window_days, 0)
    ) as e;
end;
$$;

--
-- Name: FUNCTION events_to_greet(p_task_date date, p_types trustcart.call_task_types[], p_real_before date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.events_to_greet(p_task_date date, p_types trustcart.call_task_types[], p_real_before date) IS 'Birthdays and anniversaries whose notice has begun on a date, of customers and their families, as facts for a task''s
reasons; is_greeted when a call for that occurrence was made or attempted since, before the date (and,
where a simulation begins earlier, before p_real_before).';

--
-- Name: finish_call_task(bigint, text, text, date, bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.finish_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_task trustcart.crm_call_tasks;
begin
    if not exists (
        select from trustcart.call_outcomes as o where o.outcome = trustcart_private.outcome_word(p_outcome)
    ) then
        raise warning using
            message = format(
                'outcome %L begins with no word of call_outcomes, so it leads to nothing', btrim(p_outcome)
            ),
            hint = format(
                'Known are %s; new ones are rows of trustcart.call_outcomes.',
                (select string_agg(o.outcome, ', ' order by o.outcome) from trustcart.call_outcomes as o)
            );
    end if;
    -- The interaction and the attempt are written by the table's trigger, as for any task that becomes completed.
    update trustcart.crm_call_tasks as t
    set
        status = 'completed',
        outcome = btrim(p_outcome),
        notes = coalesce(p_notes, t.notes),
        follow_up_date = p_follow_up_date,
        assigned_agent_id = coalesce(p_agent_id, t.claimed_by, t.assigned_agent_id)
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;

--
-- Name: FUNCTION finish_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.finish_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint) IS 'Completes a task that the caller has locked and looked at. It becomes the task of who called: the agent given, else
who claimed it, else whose it is. An outcome whose first word is not one of call_outcomes is kept, with a warning.';

--
-- Name: free_agent_calls(bigint[], date[], integer[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.free_agent_calls(p_agent_ids bigint[], p_dates date[], p_calls integer[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
    -- In key order, which an update alone would not keep.
    if cardinality(p_agent_ids) > 1 then
        perform
        from trustcart.agent_days as d
        inner join unnest(p_agent_ids, p_dates) as p (agent_id, work_date)
            on d.agent_id = p.agent_id and d.work_date = p.work_date
        order by d.agent_id, d.work_date
        for no key update of d;
    end if;
    update trustcart.agent_days as d
    set calls = d.calls - p.calls
    from unnest(p_agent_ids, p_dates, p_calls) as p (agent_id, work_date, calls)
    where d.agent_id = p.agent_id and d.work_date = p.work_date;
end;
$$;

--
-- Name: FUNCTION free_agent_calls(p_agent_ids bigint[], p_dates date[], p_calls integer[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.free_agent_calls(p_agent_ids bigint[], p_dates date[], p_calls integer[]) IS 'Takes calls from days of agents, a pair (agent, date) once in the arrays. Locks the days in key order.';

--
-- Name: hand_over_on_departure(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.hand_over_on_departure() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform trustcart.reassign_agent_calls(
        new.id, trustcart.business_date(), date '2199-12-31', format('agent %s is no longer an active agent', new.id)
    );
    return null;
end;
$$;

--
-- Name: FUNCTION hand_over_on_departure(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.hand_over_on_departure() IS 'Trigger of users: the calls of who is no longer an active agent go to others at once.';

--
-- Name: hand_over_on_leave(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.hand_over_on_leave() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if upper(new.during) > trustcart.business_date() then
        perform trustcart.reassign_agent_calls(
            new.agent_id,
            lower(new.during),
            upper(new.during) - 1,
            format('agent %s is on leave from %s to %s', new.agent_id, lower(new.during), upper(new.during) - 1)
        );
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION hand_over_on_leave(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.hand_over_on_leave() IS 'Trigger of agent_leave: the calls of who is away go to others at once.';

--
-- Name: is_amount(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.is_amount(p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((p_text !~ '^[0-9]+(\.[0-9]*)?$'::text) OR (length(p_text) > 40)) THEN false
             ELSE (((p_text)::numeric < '10000000000'::numeric) AND ((p_text)::numeric = round((p_text)::numeric, 2)))
         END AS is_amount;
END;

--
-- Name: FUNCTION is_amount(p_text text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.is_amount(p_text text) IS 'True when the text is an amount of money, so that casting it to numeric cannot fail and loses nothing: digits, at most
two decimals that count, not negative, below 10,000,000,000. Null of null.';

--
-- Name: is_calendar_date(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.is_calendar_date(p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT ((p_text ~ '^(18[5-9]|19[0-9]|2[01][0-9])[0-9]-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$'::text) OR (p_text ~ '^(18(5[26]|[68][048]|[79][26])|(19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29$'::text)) AS is_calendar_date;
END;

--
-- Name: FUNCTION is_calendar_date(p_text text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.is_calendar_date(p_text text) IS 'True when the text is a day of the calendar written as YYYY-MM-DD, from 1850 to 2199, so that casting it to date cannot
fail. Null of null. For checks in bulk, where parse_date() would stop at the first bad value.';

--
-- Name: is_instant(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.is_instant(p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (trustcart_private.is_calendar_date("left"(p_text, 10)) AND (substr(p_text, 11) ~ '^[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z| ?[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$'::text)) AS is_instant;
END;

--
-- Name: FUNCTION is_instant(p_text text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.is_instant(p_text text) IS 'True when the text is a date and a time as YYYY-MM-DD HH:MM[:SS][+HH:MM], so that parse_instant() cannot fail.';

--
-- Name: keep_contact_days_of_attempts(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.keep_contact_days_of_attempts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_customer_ids bigint[];
    v_instants timestamptz[];
    v_channels text[];
    v_added bigint[];
begin
    if tg_op = 'INSERT' then
        perform trustcart_private.lock_customers(array(select distinct n.customer_id from new_rows as n));
        insert into trustcart_private.contact_days as d (customer_id, contacted_on, channel, contacts)
        select
            n.customer_id,
            (n.attempted_at at time zone s.time_zone)::date as contacted_on,
            'call' as channel,
            count(*) as contacts
        from new_rows as n
        cross join trustcart.settings as s
        group by n.customer_id, 2
        order by n.customer_id, 2
        on conflict (customer_id, contacted_on, channel) do update
        set contacts = d.contacts + excluded.contacts;
    elsif tg_op = 'DELETE' then
        select array_agg(o.customer_id), array_agg(o.attempted_at), array_agg('call'::text), array_agg(-1)
        into v_customer_ids, v_instants, v_channels, v_added
        from old_rows as o;
    else
        select array_agg(m.customer_id), array_agg(m.instant), array_agg('call'::text), array_agg(m.added)
        into v_customer_ids, v_instants, v_channels, v_added
        from (
            select
                r.customer_id,
                r.instant,
                sum(r.added) as added
            from (
                select
                    n.customer_id,
                    n.attempted_at as instant,
                    1 as added
                from new_rows as n
                union all
                select
                    o.customer_id,
                    o.attempted_at,
                    -1
                from old_rows as o
            ) as r
            group by r.customer_id, r.instant
            having sum(r.added) <> 0
        ) as m;
    end if;
    if v_customer_ids is not null then
        perform trustcart_private.move_contact_days(v_customer_ids, v_instants, v_channels, v_added);
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION keep_contact_days_of_attempts(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.keep_contact_days_of_attempts() IS 'Trigger of crm_call_attempts, statement-level: attempts are added to contact_days as calls, and taken away again. The
customers are locked first, so that sessions which contact one customer queue there, in whatever order their statements
come.';

--
-- Name: keep_contact_days_of_interactions(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.keep_contact_days_of_interactions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_customer_ids bigint[];
    v_instants timestamptz[];
    v_channels text[];
    v_added bigint[];
begin
    -- Each statement that writes reads the zone itself: behind a recount the days are those of the new zone.
    if tg_op = 'INSERT' then
        insert into trustcart_private.contact_days as d (customer_id, contacted_on, channel, contacts)
        select
            n.customer_id,
            (n.interaction_date at time zone s.time_zone)::date as contacted_on,
            n.interaction_type,
            count(*) as contacts
        from new_rows as n
        cross join trustcart.settings as s
        where n.direction = 'outbound'
        group by n.customer_id, 2, n.interaction_type
        order by n.customer_id, 2, n.interaction_type
        on conflict (customer_id, contacted_on, channel) do update
        set contacts = d.contacts + excluded.contacts;
    elsif tg_op = 'DELETE' then
        -- What the customers did themselves has no channel.
        select
            array_agg(o.customer_id), array_agg(o.interaction_date),
            array_agg(case when o.direction = 'outbound' then o.interaction_type end), array_agg(-1)
        into v_customer_ids, v_instants, v_channels, v_added
        from old_rows as o;
    else
        select array_agg(m.customer_id), array_agg(m.instant), array_agg(m.channel), array_agg(m.added)
        into v_customer_ids, v_instants, v_channels, v_added
        from (
            select
                r.customer_id,
                r.instant,
                r.channel,
                sum(r.added) as added
            from (
                select
                    n.customer_id,
                    n.interaction_date as instant,
                    case when n.direction = 'outbound' then n.interaction_type end as channel,
                    1 as added
                from new_rows as n
                union all
                select
                    o.customer_id,
                    o.interaction_date,
                    case when o.direction = 'outbound' then o.interaction_type end,
                    -1
                from old_rows as o
            ) as r
            group by r.customer_id, r.instant, r.channel
            having sum(r.added) <> 0
        ) as m;
    end if;
    if v_customer_ids is not null then
        perform trustcart_private.move_contact_days(v_customer_ids, v_instants, v_channels, v_added);
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION keep_contact_days_of_interactions(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.keep_contact_days_of_interactions() IS 'Trigger of customer_interactions, statement-level: outbound ones are added to contact_days and taken away again. An
insert finds the customers locked by a trigger that fires earlier; update and delete lock them, so that sessions which
contact one customer queue there, in whatever order their statements come.';

--
-- Name: learn_family_member(bigint, jsonb); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.learn_family_member(p_customer_id bigint, p_member jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    c_keys constant text[] := array['name', 'relationship', 'date_of_birth', 'anniversary_date', 'phone'];
    v_key text;
    v_id bigint;
begin
    if jsonb_typeof(p_member) <> 'object' then
        raise exception using
            errcode = 'TC005',
            message = format('family_member is an object, not of type %s', jsonb_typeof(p_member)),
            hint = 'For example {"name": "Karima", "relationship": "spouse", "date_of_birth": "1990-05-17"}.';
    end if;
    select k.key into v_key
    from jsonb_object_keys(p_member) as k (key)
    where k.key <> all(c_keys)
    order by k.key
    limit 1;
    if found then
        raise exception using
            errcode = 'TC002',
            message = format('a family member has no %L', v_key),
            hint = 'Known are ' || array_to_string(c_keys, ', ') || '.';
    end if;
    select k.key into v_key
    from unnest(c_keys[1:2]) as k (key)
    where coalesce(btrim(p_member ->> k.key), '') = ''
    limit 1;
    if found then
        raise exception using
            errcode = 'TC003',
            message = format('the family member''s %s is required', v_key),
            hint = 'A family member needs name and relationship.';
    end if;

    -- Told again, as after an undo, it is the same person; what is new about them is noted.
    update trustcart.customer_family_members as f
    set
        date_of_birth = coalesce(trustcart.to_business_date(p_member ->> 'date_of_birth'), f.date_of_birth),
        anniversary_date = coalesce(trustcart.to_business_date(p_member ->> 'anniversary_date'), f.anniversary_date),
        phone = coalesce(nullif(btrim(p_member ->> 'phone'), ''), f.phone)
    where f.id = (
        select o.id
        from trustcart.customer_family_members as o
        where
            o.customer_id = p_customer_id
            and lower(o.name) = lower(btrim(p_member ->> 'name'))
            and lower(o.relationship) = lower(btrim(p_member ->> 'relationship'))
        order by o.id
        limit 1
    )
    returning f.id into v_id;
    if found then
        return v_id;
    end if;
    insert into trustcart.customer_family_members (
        customer_id, name, relationship, date_of_birth, anniversary_date, phone
    )
    values (
        p_customer_id,
        btrim(p_member ->> 'name'),
        btrim(p_member ->> 'relationship'),
        trustcart.to_business_date(p_member ->> 'date_of_birth'),
        trustcart.to_business_date(p_member ->> 'anniversary_date'),
        nullif(btrim(p_member ->> 'phone'), '')
    )
    returning id into v_id;
    return v_id;
end;
$$;

--
-- Name: FUNCTION learn_family_member(p_customer_id bigint, p_member jsonb); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.learn_family_member(p_customer_id bigint, p_member jsonb) IS 'Writes a family member that a customer told of in a call: name, relationship, date_of_birth, anniversary_date, phone.
One of that name and relationship who is there already is completed, not doubled. Returns the id. TC001 date, TC002
unknown key, TC003 without name or relationship, TC005 no object.';

--
-- Name: lock_customer_of_task(bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.lock_customer_of_task(p_task_id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform trustcart_private.lock_customers(array(
        select t.customer_id from trustcart.crm_call_tasks as t where t.id = p_task_id
    ));
end;
$$;

--
-- Name: FUNCTION lock_customer_of_task(p_task_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.lock_customer_of_task(p_task_id bigint) IS 'Locks the customer of a task, before the task itself is locked: an order locks its customer and then cancels the
calls that it overtakes, so whoever writes both has to keep to that order.';

--
-- Name: lock_customers(bigint[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.lock_customers(p_customer_ids bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
    -- NO KEY UPDATE lets the foreign keys' share locks pass; the id order keeps two such callers from deadlocking.
    perform c.id
    from trustcart.customers as c
    where c.id = any(p_customer_ids)
    order by c.id
    for no key update;
end;
$$;

--
-- Name: FUNCTION lock_customers(p_customer_ids bigint[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.lock_customers(p_customer_ids bigint[]) IS 'Locks customers in id order, so that the next statement sees, and alone changes, their orders'' figures.';

--
-- Name: lock_open_task(bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.lock_open_task(p_task_id bigint) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_task trustcart.crm_call_tasks;
    v_successor text;
begin
    if p_task_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'task_id is required',
            hint = 'Give the id of the task, as call lists show it.';
    end if;
    select t.*
    into v_task
    from trustcart.crm_call_tasks as t
    where t.id = p_task_id
    for no key update;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no call task %s', p_task_id),
            hint = 'Take the id from the call list.';
    elsif v_task.status = 'completed' then
        raise exception using
            errcode = 'TC101',
            message = format('call task %s is completed already', p_task_id),
            hint = 'Log another contact as an interaction, or create a task for another call.';
    elsif v_task.status = 'skipped' then
        raise exception using
            errcode = 'TC102',
            message = format('call task %s was skipped', p_task_id),
            hint = 'Create a task for another call.';
    elsif v_task.status <> 'pending' then
        -- The last of those that carry it on: its successor may have been carried on itself.
        with recursive successors as (
            select
                v_task.id as id,
                v_task.task_date as task_date
            union
            select
                t.id,
                t.task_date
            from successors as s
            inner join trustcart.crm_call_tasks as t
                on
                    t.customer_id = v_task.customer_id
                    and s.task_date < t.task_date
                    and (
                        s.id = t.predecessor_id
                        or t.reasons @> jsonb_build_array(
                            jsonb_build_object('carried_from', jsonb_build_array(s.id))
                        )
                    )
        )
        select format('Task %s of %s carries it on.', s.id, s.task_date) into v_successor
        from successors as s
        where v_task.status = 'carried' and s.id <> v_task.id
        order by s.task_date desc, s.id desc
        limit 1;
        raise exception using
            errcode = 'TC103',
            message = format('call task %s is %s%s', p_task_id, v_task.status, ': ' || v_task.close_reason),
            hint = case
                when v_successor is not null then v_successor
                when v_task.close_reason = 'do not call'
                    then 'Record a new consent in trustcart.customer_consents when the customer allows calls again.'
                when v_task.status = 'cancelled' then 'Create a task for another call, if there is still cause for one.'
                else 'Create a task for another call.'
            end;
    end if;
    return v_task;
end;
$$;

--
-- Name: FUNCTION lock_open_task(p_task_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.lock_open_task(p_task_id bigint) IS 'The pending task with this id, locked until the transaction ends. TC003 without an id, TC004 when there is none, TC101
completed, TC102 skipped, TC103 closed otherwise; the hint names the task that carries it on.';

--
-- Name: log_completed_call(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.log_completed_call() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    insert into trustcart.customer_interactions as i (
        customer_id, interaction_type, direction, subject, details, outcome, agent_id, interaction_date, follow_up_date,
        task_id
    )
    values (
        new.customer_id, 'call', 'outbound', new.task_type, new.notes, new.outcome, new.assigned_agent_id,
        new.completed_at, new.follow_up_date, new.id
    )
    on conflict (task_id) where task_id is not null do update
    set
        customer_id = excluded.customer_id,
        details = excluded.details,
        outcome = excluded.outcome,
        agent_id = excluded.agent_id,
        interaction_date = excluded.interaction_date,
        follow_up_date = excluded.follow_up_date;

    if tg_op = 'UPDATE' and old.status = 'completed' then
        update trustcart.crm_call_attempts as a
        set
            customer_id = new.customer_id,
            agent_id = new.assigned_agent_id,
            outcome = coalesce(nullif(btrim(new.outcome), ''), 'completed'),
            notes = new.notes
        where a.task_id = new.id and a.attempted_at = old.completed_at;
    else
        insert into trustcart.crm_call_attempts (attempted_at, task_id, customer_id, agent_id, outcome, notes)
        values (
            new.completed_at, new.id, new.customer_id, new.assigned_agent_id,
            coalesce(nullif(btrim(new.outcome), ''), 'completed'), new.notes
        );
    end if;

    if exists (
        select
        from trustcart.call_outcomes as o
        where o.outcome = trustcart_private.outcome_word(new.outcome) and o.next_step = 'flag_phone'
    ) then
        -- Once a call: a later correction of its notes does not flag the customer's other number as well.
        if not exists (select from trustcart.customer_phone_flags as f where f.task_id = new.id) then
            perform trustcart.flag_wrong_number(new.customer_id, new.id, new.completed_at);
        end if;
    elsif tg_op = 'UPDATE' and old.status = 'completed' then
        delete from trustcart.customer_phone_flags as f where f.task_id = new.id;
    end if;
    return null;
end;
$$;

--
-- Name: FUNCTION log_completed_call(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.log_completed_call() IS 'Trigger: a task that becomes completed writes its interaction, once, and the attempt, whoever completed it and how,
and flags the number where call_outcomes says so of the outcome; a later correction of the task corrects all three.';

--
-- Name: log_task_assignment(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.log_task_assignment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    insert into trustcart.crm_call_task_assignments (task_id, from_agent_id, to_agent_id, why)
    values (
        new.id,
        old.assigned_agent_id,
        new.assigned_agent_id,
        -- The task's words, if they were written for this change.
        case when new.why_agent is distinct from old.why_agent then new.why_agent end
    );
    return null;
end;
$$;

--
-- Name: FUNCTION log_task_assignment(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.log_task_assignment() IS 'Trigger: notes from whom to whom a task went and why, as far as the change says.';

--
-- Name: longest_stretch(tstzmultirange); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.longest_stretch(p_hours tstzmultirange) RETURNS tstzrange
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return (
        select h.stretch
        from unnest(p_hours) as h (stretch)
        order by upper(h.stretch) - lower(h.stretch) desc, lower(h.stretch)
        limit 1
    );
end;
$$;

--
-- Name: FUNCTION longest_stretch(p_hours tstzmultirange); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.longest_stretch(p_hours tstzmultirange) IS 'The longest of several stretches of time, the earliest of equals; null of none.';

--
-- Name: mark_behavior_due(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.mark_behavior_due() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_order_ids bigint[];
begin
    -- Only rows not yet marked are written: an order's own trigger has mostly marked them already.
    if tg_op = 'INSERT' then
        v_order_ids := array(select distinct n.order_id from new_rows as n);
    elsif tg_op = 'UPDATE' then
        v_order_ids := array(
            select n.order_id
            from new_rows as n
            union
            select o.order_id
            from old_rows as o
        );
    elsif tg_op = 'DELETE' then
        v_order_ids := array(select distinct o.order_id from old_rows as o);
    else
        update trustcart.customer_behavior as b set refresh_due = true where not b.refresh_due;
        return null;
    end if;
    update trustcart.customer_behavior as b
    set refresh_due = true
    where
        not b.refresh_due
        and b.customer_id = any(
            array(
                select so.customer_id
                from trustcart.sales_orders as so
                where so.id = any(v_order_ids)
            )
        );
    return null;
end;
$$;

--
-- Name: FUNCTION mark_behavior_due(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.mark_behavior_due() IS 'Trigger of sales_order_items, statement-level: the behaviour of the customers concerned is due for a refresh.';

--
-- Name: mark_recovery_attempts(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.mark_recovery_attempts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_customer_ids bigint[];
    v_days date[];
begin
    -- An interaction has a date and a direction; an attempt has its own instant and always goes out.
    select
        array_agg(n.customer_id order by n.customer_id),
        array_agg((n.contacted_at at time zone s.time_zone)::date order by n.customer_id)
    into v_customer_ids, v_days
    from (
        select
            r.customer_id,
            coalesce(to_jsonb(r) ->> 'interaction_date', to_jsonb(r) ->> 'attempted_at')::timestamptz as contacted_at,
            coalesce(to_jsonb(r) ->> 'direction', 'outbound') as direction
        from new_rows as r
    ) as n
    cross join trustcart.settings as s
    where n.direction = 'outbound';
    if v_customer_ids is null then
        return null;
    end if;

    with concerned as (
        select e.id
        from unnest(v_customer_ids, v_days) as a (customer_id, contacted_on)
        inner join trustcart.customer_dropoff_tracking as e on a.customer_id = e.customer_id
        where
            not e.recovery_attempted
            and a.contacted_on >= e.opened_on
            and (e.closed_on is null or a.contacted_on <= e.closed_on)
        order by e.customer_id, e.id
        for no key update of e
    )

    update trustcart.customer_dropoff_tracking as t
    set
        recovery_attempted = true,
        recovery_successful = t.close_reason is not distinct from 'order'
    where t.id in (select c.id from concerned as c);
    return null;
end;
$$;

--
-- Name: FUNCTION mark_recovery_attempts(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.mark_recovery_attempts() IS 'Trigger: a call or message that goes out during a dropoff episode is an attempt to recover the customer; entered later
than the order that closed the episode, it makes the recovery successful as well.';

--
-- Name: move_contact_days(bigint[], timestamp with time zone[], text[], bigint[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.move_contact_days(p_customer_ids bigint[], p_instants timestamp with time zone[], p_channels text[], p_added bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
    perform trustcart_private.lock_customers(p_customer_ids);
    insert into trustcart_private.contact_days as d (customer_id, contacted_on, channel, contacts)
    select
        m.customer_id,
        (m.instant at time zone s.time_zone)::date as contacted_on,
        m.channel,
        sum(m.added) as contacts
    from unnest(p_customer_ids, p_instants, p_channels, p_added) as m (customer_id, instant, channel, added)
    cross join trustcart.settings as s
    where m.channel is not null
    group by m.customer_id, 2, m.channel
    having sum(m.added) > 0
    order by m.customer_id, 2, m.channel
    on conflict (customer_id, contacted_on, channel) do update
    set contacts = d.contacts + excluded.contacts;

    update trustcart_private.contact_days as d
    set contacts = d.contacts + t.added
    from (
        select
            m.customer_id,
            (m.instant at time zone s.time_zone)::date as contacted_on,
            m.channel,
            sum(m.added) as added
        from unnest(p_customer_ids, p_instants, p_channels, p_added) as m (customer_id, instant, channel, added)
        cross join trustcart.settings as s
        where m.channel is not null
        group by m.customer_id, 2, m.channel
        having sum(m.added) < 0
    ) as t
    where d.customer_id = t.customer_id and d.contacted_on = t.contacted_on and d.channel = t.channel;
end;
$$;

--
-- Name: FUNCTION move_contact_days(p_customer_ids bigint[], p_instants timestamp with time zone[], p_channels text[], p_added bigint[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.move_contact_days(p_customer_ids bigint[], p_instants timestamp with time zone[], p_channels text[], p_added bigint[]) IS 'Locks the customers and adds to contact_days what an update or delete moved: how many contacts more (or, negative,
fewer) a customer has at an instant by a channel. A null channel is no contact of ours: the customer is only locked.';

--
-- Name: next_claimable_call(bigint, date, timestamp with time zone, timestamp with time zone, bigint[], boolean); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.next_claimable_call(p_agent_id bigint, p_task_date date, p_at timestamp with time zone, p_void_before timestamp with time zone, p_passed bigint[], p_pool boolean, OUT task_id bigint, OUT customer_id bigint, OUT is_pool boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
begin
    -- The hour has come: the agent's own, then anybody's.
    select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
    from trustcart.crm_call_tasks as t
    where
        t.status = 'pending'
        and t.task_date = p_task_date
        and t.assigned_agent_id = p_agent_id
        and t.due_at <= p_at
        and t.claimed_at is null
        and (t.started_at < p_void_before) is not false
        and t.id <> all(p_passed)
    order by t.due_at
    limit 1
    for no key update skip locked;
    if found then
        return;
    end if;
    if p_pool then
        -- Named in the order, for "is null" does not tell the planner that it is the same: else all is sorted.
        select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending'
            and t.task_date = p_task_date
            and t.assigned_agent_id is null
            and t.due_at <= p_at
            and t.claimed_at is null
            and (t.started_at < p_void_before) is not false
            and t.id <> all(p_passed)
        order by t.assigned_agent_id, t.due_at
        limit 1
        for no key update skip locked;
        if found then
            return;
        end if;
    end if;

    select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
    from trustcart.crm_call_tasks as t
    where
        t.status = 'pending'
        and t.task_date = p_task_date
        and t.assigned_agent_id = p_agent_id
        and t.due_at is null
        and t.claimed_at is null
        and (t.call_from > p_at) is not true
        and (t.call_until <= p_at) is not true
        and (t.started_at < p_void_before) is not false
        and t.id <> all(p_passed)
    order by t.priority_rank, t.list_position nulls first, t.id
    limit 1
    for no key update skip locked;
    if found or not p_pool then
        return;
    end if;
    select t.id, t.customer_id, t.assigned_agent_id is null into task_id, customer_id, is_pool
    from trustcart.crm_call_tasks as t
    where
        t.status = 'pending'
        and t.task_date = p_task_date
        and t.assigned_agent_id is null
        and t.due_at is null
        and t.claimed_at is null
        and (t.call_from > p_at) is not true
        and (t.call_until <= p_at) is not true
        and (t.started_at < p_void_before) is not false
        and t.id <> all(p_passed)
    order by t.assigned_agent_id, t.priority_rank, t.list_position nulls first, t.id
    limit 1
    for no key update skip locked;
end;
$$;

--
-- Name: FUNCTION next_claimable_call(p_agent_id bigint, p_task_date date, p_at timestamp with time zone, p_void_before timestamp with time zone, p_passed bigint[], p_pool boolean, OUT task_id bigint, OUT customer_id bigint, OUT is_pool boolean); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.next_claimable_call(p_agent_id bigint, p_task_date date, p_at timestamp with time zone, p_void_before timestamp with time zone, p_passed bigint[], p_pool boolean, OUT task_id bigint, OUT customer_id bigint, OUT is_pool boolean) IS 'The unclaimed task that an agent is to call next at p_at, locked, or null: those whose hour has come, then the
agent''s own in the order of the list, then with p_pool those of nobody. Passes over tasks out of their hours, begun
since p_void_before, named in p_passed, or locked by others.';

--
-- Name: next_working_day(date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.next_working_day(p_date date) RETURNS date
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_working_days smallint[] := (select s.working_days from trustcart.settings as s);
begin
    for v_days in 1..400 loop
        if extract(isodow from p_date + v_days) = any(v_working_days)
            and not exists (select from trustcart.shop_holidays as h where h.holiday_on = p_date + v_days) then
            return p_date + v_days;
        end if;
    end loop;
    return p_date + 1;
end;
$$;

--
-- Name: FUNCTION next_working_day(p_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.next_working_day(p_date date) IS 'The first day after a date that is one of settings.working_days and no holiday of the shop: said only here. The next
day of the calendar when 400 days have none.';

--
-- Name: number_to_dial(bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.number_to_dial(p_customer_id bigint) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
    return (
        select btrim(n.phone)
        from trustcart.customers as c
        cross join lateral (
            values (1, c.phone, c.phone_e164), (2, c.mobile, c.mobile_e164)
        ) as n (place, phone, phone_e164)
        where
            c.id = p_customer_id
            and trustcart_private.phone_key(n.phone, n.phone_e164) is not null
            and not exists (
                select from trustcart.customer_phone_flags as f
                where
                    f.customer_id = c.id
                    and f.phone = trustcart_private.phone_key(n.phone, n.phone_e164)
                    and f.cleared_at is null
            )
        order by n.place
        limit 1
    );
end;
$$;

--
-- Name: FUNCTION number_to_dial(p_customer_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.number_to_dial(p_customer_id bigint) IS 'The number at which to call a customer, as typed: phone, else mobile, whichever is not flagged; null when there is
none.';

--
-- Name: open_follow_ups(date, date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.open_follow_ups(p_task_date date, p_real_before date) RETURNS TABLE(customer_id bigint, asked_on date, due_on date, due_at timestamp with time zone, subject text, details text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_before timestamptz := least(p_task_date, p_real_before)::timestamp at time zone v_time_zone;
begin
    return query
    with asked as (
        select
            i.customer_id,
            i.interaction_date as asked_at,
            (i.interaction_date at time zone v_time_zone)::date as asked_on,
            i.follow_up_date as due_on,
            i.task_id,
            null::timestamptz as due_at,
            i.subject,
            i.details
        from trustcart.customer_interactions as i
        where
            i.interaction_date < v_before
            and (i.follow_up_date is not null or trustcart_private.asks_follow_up(i.outcome))
        union all
        select
            a.customer_id,
            a.attempted_at,
            (a.attempted_at at time zone v_time_zone)::date,
            (a.due_at at time zone v_time_zone)::date,
            null,
            a.due_at,
            null,
            a.notes
        from trustcart.crm_call_attempts as a
        where
            a.attempted_at < v_before
            and (a.due_at is not null or trustcart_private.asks_follow_up(a.outcome))
            -- What a completed task asked for, its interaction says.
            and not exists (
                select from trustcart.customer_interactions as i
                where i.task_id = a.task_id and i.interaction_date = a.attempted_at
            )
            -- To be tried again later that day: the task itself is carried on.
            and ((a.due_at at time zone v_time_zone)::date > (a.attempted_at at time zone v_time_zone)::date) is not false
    ),

    -- The next working day is looked up once for each day on which somebody asked.
    working_days as (
        select
            d.asked_on,
            trustcart_private.next_working_day(d.asked_on) as next_day
        from (select distinct a.asked_on from asked as a where a.due_on is null) as d
    ),

    due as (
        select
            a.*,
            coalesce(a.due_on, w.next_day) as call_on
        from asked as a
        left join working_days as w on a.asked_on = w.asked_on
    )

    select distinct on (a.customer_id)
        a.customer_id,
        a.asked_on,
        a.call_on,
        -- The hour that was agreed; what a completed task asked for at an hour, its attempt knows.
        coalesce(
            a.due_at,
            (
                select max(t.due_at)
                from trustcart.crm_call_attempts as t
                where t.task_id = a.task_id and t.attempted_at = a.asked_at
            )
        ),
        a.subject,
        a.details
    from due as a
    where
        a.call_on <= p_task_date
        -- Nothing later; max() so that one index entry answers, where an anti-join would read every contact.
        and (
            a.asked_at < (
                select max(i.interaction_date)
                from trustcart.customer_interactions as i
                where i.customer_id = a.customer_id and i.interaction_date < v_before
            )
        ) is not true
        and (
            a.asked_at < (
                select max(t.attempted_at)
                from trustcart.crm_call_attempts as t
                where t.customer_id = a.customer_id and t.attempted_at < v_before
            )
        ) is not true
    order by a.customer_id, a.call_on, a.asked_at;
end;
$$;

--
-- Name: FUNCTION open_follow_ups(p_task_date date, p_real_before date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.open_follow_ups(p_task_date date, p_real_before date) IS 'Customers who asked to be called, are due by p_task_date and were not in contact since, a row each: when they asked,
the date it is due (without one, the next working day), the hour if one was agreed, and what was noted. Knows contacts before the date only, and before
p_real_before where a simulation begins there.';

--
-- Name: order_fingerprint(bigint, date, timestamp with time zone, numeric, text, text, text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.order_fingerprint(p_customer_id bigint, p_order_date date, p_ordered_at timestamp with time zone, p_total_amount numeric, p_status text, p_payment_method text, p_notes text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (md5((((((((((((((p_customer_id)::text || '|'::text) || ((p_order_date - '2000-01-01'::date))::text) || '|'::text) || COALESCE((EXTRACT(epoch FROM (p_ordered_at AT TIME ZONE 'UTC'::text)))::text, ''::text)) || '|'::text) || (round(p_total_amount, 2))::text) || '|'::text) || p_status) || '|'::text) || COALESCE(p_payment_method, ''::text)) || '|'::text) || COALESCE(p_notes, ''::text))))::uuid AS order_fingerprint;
END;

--
-- Name: FUNCTION order_fingerprint(p_customer_id bigint, p_order_date date, p_ordered_at timestamp with time zone, p_total_amount numeric, p_status text, p_payment_method text, p_notes text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.order_fingerprint(p_customer_id bigint, p_order_date date, p_ordered_at timestamp with time zone, p_total_amount numeric, p_status text, p_payment_method text, p_notes text) IS 'A hash of what an order says: import makes the number of an order that has none from it, so that the same row of a file
gets the same number however often, and in whatever order of columns, it is imported.';

--
-- Name: overridden_rows(regclass, jsonb, jsonb, text[]); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.overridden_rows(p_table regclass, p_rows jsonb, p_overrides jsonb, p_columns text[]) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $_$
declare
    v_copy text := format('trustcart_private.overridden_%s', pg_current_xact_id());
    v_name text;
    v_changes jsonb;
    v_column text;
    v_value jsonb;
    v_message text;
    v_constraint text;
    v_columns text;
begin
    for v_name, v_changes in select e.key, e.value from jsonb_each(p_overrides) as e (key, value) order by e.key loop
        if p_rows -> v_name is null then
            raise exception using
                errcode = 'TC002',
                message = format('%s is not in %s', v_name, p_table),
                hint = format(
                    'There is %s.', (select string_agg(k.key, ', ') from jsonb_object_keys(p_rows) as k (key))
                );
        elsif jsonb_typeof(v_changes) <> 'object' then
            raise exception using
                errcode = 'TC005',
                message = format('the overrides of %s are an object, not %s', v_name, v_changes),
                hint = 'Give {"column": value}.';
        end if;
        for v_column, v_value in select e.key, e.value from jsonb_each(v_changes) as e (key, value) order by e.key loop
            if not exists (
                select from pg_attribute as a
                where a.attrelid = p_table and a.attname = v_column and a.attnum > 0 and not a.attisdropped
            ) then
                raise exception using
                    errcode = 'TC002',
                    message = format('%s has no %s', v_name, v_column),
                    hint = format('What can be overridden is %s.', array_to_string(p_columns, ', '));
            elsif v_column <> all(p_columns) then
                raise exception using
                    errcode = 'TC005',
                    message = format('%s.%s cannot be simulated', v_name, v_column),
                    hint = format('What can be overridden is %s.', array_to_string(p_columns, ', '));
            end if;
            begin
                execute format('select to_jsonb(jsonb_populate_record(null::%s, $1)) -> $2', p_table)
                into v_value
                using jsonb_build_object(v_column, v_value), v_column;
            exception when data_exception then
                get stacked diagnostics v_message = message_text;
                raise exception using
                    errcode = 'TC005',
                    message = format('%s.%s: %s', v_name, v_column, v_message),
                    hint = 'Give a value of the column''s type.';
            end;
            p_rows := jsonb_set(p_rows, array[v_name, v_column], v_value);
        end loop;
    end loop;

    -- What the table's constraints say of such rows, in a copy of it that nobody ever sees.
    begin
        execute format(
            'create unlogged table %s (like %s including constraints including indexes)', v_copy, p_table
        );
        for v_name in
            select k.key
            from jsonb_object_keys(p_rows) as k (key)
            order by p_overrides -> k.key is not null, k.key
        loop
            execute format('insert into %s select (jsonb_populate_record(null::%s, $1)).*', v_copy, p_table)
            using p_rows -> v_name;
        end loop;
        raise exception using errcode = 'TC000';
    exception
        when sqlstate 'TC000' then
            null;
        when integrity_constraint_violation then
            get stacked diagnostics v_constraint = constraint_name, v_column = column_name;
            select string_agg(
                format('%s.%s = %s', v_name, a.attname, coalesce(p_rows -> v_name ->> a.attname, 'null')),
                ', ' order by a.attnum
            )
            into v_columns
            from pg_attribute as a
            where
                a.attrelid = p_table
                and p_overrides -> v_name ? a.attname
                and (
                    a.attname = v_column
                    or exists (
                        select from pg_constraint as c
                        where c.conrelid = p_table and c.conname = v_constraint and a.attnum = any(c.conkey)
                    )
                );
            raise exception using
                errcode = 'TC005',
                message = format(
                    '%s: %s',
                    coalesce(
                        v_columns,
                        (
                            select string_agg(format('%s.%s', v_name, k.key), ', ' order by k.key)
                            from jsonb_object_keys(p_overrides -> v_name) as k (key)
                        )
                    ),
                    case sqlstate
                        when '23502' then 'a value is required'
                        when '23505' then 'another row has the same'
                        else 'refused by ' || v_constraint
                    end
                ),
                hint = 'What the table itself would not take cannot be simulated.';
    end;
    return p_rows;
end;
$_$;

--
-- Name: FUNCTION overridden_rows(p_table regclass, p_rows jsonb, p_overrides jsonb, p_columns text[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.overridden_rows(p_table regclass, p_rows jsonb, p_overrides jsonb, p_columns text[]) IS 'The rows of a table, as an object by name, with some columns overridden: {"name": {"column": value}}, p_columns being
those that may be. The table''s own types and constraints judge them; nothing is written. TC002 for an unknown name or
column, TC005 for a column that may not be overridden and for a value that the table would refuse.';

--
-- Name: parse_date(text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.parse_date(p_text text) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $_$
begin
    -- Only YYYY-MM-DD: what else a date cast accepts ("today", "02/03/2025") depends on the session or the day.
    if p_text ~ '^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$' then
        return trustcart_private.require_date(p_text::date);
    end if;
    raise datetime_field_overflow;
exception when datetime_field_overflow or invalid_datetime_format then
    raise exception using
        errcode = 'TC001',
        message = format('%s is not a date', coalesce(quote_literal(p_text), 'null')),
        hint = 'Give a date of the calendar as YYYY-MM-DD, for example 2025-12-19.';
end;
$_$;

--
-- Name: FUNCTION parse_date(p_text text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.parse_date(p_text text) IS 'A date written as YYYY-MM-DD, or TC001: what the text overloads and the API take their dates by.';

--
-- Name: parse_instant(text, text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.parse_instant(p_text text, p_time_zone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_text ~ ':[0-9.]+ ?(Z|[+-][0-9:]+)$'::text) THEN (p_text)::timestamp with time zone
             ELSE ((p_text)::timestamp without time zone AT TIME ZONE p_time_zone)
         END AS parse_instant;
END;

--
-- Name: FUNCTION parse_instant(p_text text, p_time_zone text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.parse_instant(p_text text, p_time_zone text) IS 'The instant that a text of the form of is_instant() names; without an offset it is read in the time zone given.';

--
-- Name: period_report(date, date, date, date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.period_report(p_from date, p_to date, p_previous_from date, p_previous_to date) RETURNS TABLE(section text, metric text, value numeric, previous numeric, detail text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
    return query
    select
        'Period',
        'Days',
        (p_to - p_from + 1)::numeric,
        (p_previous_to - p_previous_from + 1)::numeric,
        format('%s to %s, against %s to %s', p_from, p_to, p_previous_from, p_previous_to);

    return query
    with figures as (
        select
            x.is_now,
            m.position,
            m.metric,
            m.value
        from (values (true, p_from, p_to), (false, p_previous_from, p_previous_to)) as x (is_now, date_from, date_to)
        cross join lateral (
            select
                coalesce(sum(f.total_tasks), 0) as total_tasks,
                coalesce(sum(f.completed_tasks), 0) as completed_tasks,
                coalesce(sum(f.successful_calls), 0) as successful_calls,
                coalesce(sum(f.carried), 0) as carried,
                coalesce(sum(f.expired), 0) as expired,
                coalesce(sum(f.skipped), 0) as skipped,
                coalesce(sum(f.cancelled), 0) as cancelled,
                coalesce(sum(f.pending), 0) as pending,
                coalesce(sum(f.attempts), 0) as attempts,
                coalesce(sum(f.total_interactions), 0) as total_interactions,
                extract(epoch from sum(f.call_duration) / nullif(sum(f.timed_calls), 0)) / 60 as minutes
            from trustcart.agent_figures(x.date_from, x.date_to) as f
        ) as t
        cross join lateral (
            values
            (1, 'Call tasks', t.total_tasks),
            (2, 'Completed', t.completed_tasks),
            (3, 'Successful', t.successful_calls),
            (4, 'Completed of all, %', round(t.completed_tasks * 100.0 / nullif(t.total_tasks, 0), 2)),
            (5, 'Successful of completed, %', round(t.successful_calls * 100.0 / nullif(t.completed_tasks, 0), 2)),
            (6, 'Minutes a call', round(t.minutes, 2)),
            (7, 'Carried over', t.carried),
            (8, 'Expired', t.expired),
            (9, 'Skipped', t.skipped),
            (10, 'Cancelled', t.cancelled),
            (11, 'Still pending', t.pending),
            (12, 'Attempts to call', t.attempts),
            (13, 'Contacts of all channels', t.total_interactions)
        ) as m (position, metric, value)
    )

    select
        'Calls',
        n.metric,
        n.value,
        p.value,
        null
    from figures as n
    inner join figures as p on n.position = p.position and not p.is_now
    where n.is_now
    order by n.position;

    return query
    with figures as (
        select
            x.is_now,
            m.position,
            m.metric,
            m.value
        from (values (true, p_from, p_to), (false, p_previous_from, p_previous_to)) as x (is_now, date_from, date_to)
        cross join lateral (
            select
                sum(c.calls) as calls,
                sum(c.orders) as orders,
                sum(c.revenue) as revenue
            from trustcart.call_conversions(x.date_from, x.date_to) as c
        ) as t
        cross join lateral (
            values
            (1, 'Completed calls', coalesce(t.calls, 0)),
            (2, 'Orders within 7 days', coalesce(t.orders, 0)),
            (3, 'Their revenue, Tk', coalesce(t.revenue, 0)),
            (4, 'Revenue a call, Tk', round(t.revenue / nullif(t.calls, 0), 2))
        ) as m (position, metric, value)
    )

    select
        'Conversions',
        n.metric,
        n.value,
        p.value,
        null
    from figures as n
    inner join figures as p on n.position = p.position and not p.is_now
    where n.is_now
    order by n.position;

    return query
    with figures as (
        select
            x.is_now,
            m.position,
            m.metric,
            m.value
        from (values (true, p_from, p_to), (false, p_previous_from, p_previous_to)) as x (is_now, date_from, date_to)
        cross join lateral (
            select
                count(*) as orders,
                count(distinct o.customer_id) as customers,
                coalesce(sum(o.total_amount), 0) as revenue
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as s on o.status = s.status and s.counts
            where o.order_date between x.date_from and x.date_to
        ) as t
        cross join lateral (
            select count(*) as customers
            from trustcart.customers as c
            where c.first_order_date between x.date_from and x.date_to
        ) as c
        cross join lateral (
            select
                count(*) filter (where d.opened_on between x.date_from and x.date_to) as opened,
                count(*) filter (where v.is_closed and d.close_reason = 'order') as back,
                count(*) filter (where v.is_closed and d.recovery_successful) as won
            from trustcart.customer_dropoff_tracking as d
            cross join lateral (
                select coalesce(d.closed_on between x.date_from and x.date_to, false) as is_closed
            ) as v
        ) as e
        cross join lateral (
            values
            (1, 'Orders', t.orders),
            (2, 'Revenue, Tk', t.revenue),
            (3, 'Average order, Tk', round(t.revenue / nullif(t.orders, 0), 2)),
            (4, 'Customers who ordered', t.customers),
            (5, 'First orders', c.customers),
            (6, 'Fell silent', e.opened),
            (7, 'Came back', e.back),
            (8, 'Came back after a contact', e.won)
        ) as m (position, metric, value)
    )

    select
        'Customer behaviour',
        n.metric,
        n.value,
        p.value,
        null
    from figures as n
    inner join figures as p on n.position = p.position and not p.is_now
    where n.is_now
    order by n.position;

    -- The way from no order to the first label is in First orders; of imported customers it leads to any.
    return query
    select
        case g.attribute when 'customer_type' then 'Changes of type' else 'Changes of stage' end,
        format('%s to %s', g.from_value, coalesce(g.to_value, 'none')),
        count(*) filter (where g.business_date >= p_from)::numeric,
        count(*) filter (where g.business_date < p_from)::numeric,
        null
    from trustcart.customer_state_changes as g
    where
        (g.business_date between p_from and p_to or g.business_date between p_previous_from and p_previous_to)
        and g.cause <> 'rewind'
        and g.from_value <> 'prospect'
    group by g.attribute, g.from_value, g.to_value
    order by g.attribute desc, 3 desc, 4 desc, 2;
end;
$$;

--
-- Name: FUNCTION period_report(p_from date, p_to date, p_previous_from date, p_previous_to date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.period_report(p_from date, p_to date, p_previous_from date, p_previous_to date) IS 'What the weekly and the monthly report have in common, for a period and the one to compare it with: calls, what they
led to, how customers behaved, and who changed type or stage. Amounts in taka.';

--
-- Name: phone_key(text, text); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.phone_key(p_phone text, p_phone_e164 text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE(p_phone_e164, NULLIF(btrim(p_phone), ''::text));

--
-- Name: FUNCTION phone_key(p_phone text, p_phone_e164 text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.phone_key(p_phone text, p_phone_e164 text) IS 'How a number is known to customer_phone_flags: in E.164, else as typed; null when there is none.';

--
-- Name: recompute_recovery(bigint, timestamp with time zone); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.recompute_recovery(p_customer_id bigint, p_contacted_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_contacted_on date := (p_contacted_at at time zone v_time_zone)::date;
    v_withdrawn integer;
begin
    update trustcart.customer_dropoff_tracking as e
    set recovery_attempted = false, recovery_successful = false
    where
        e.customer_id = p_customer_id
        and e.recovery_attempted
        and e.opened_on <= v_contacted_on
        and (e.closed_on < v_contacted_on) is not true
        and not exists (
            select
            from trustcart.customer_interactions as i
            where
                i.customer_id = p_customer_id
                and i.direction = 'outbound'
                and i.interaction_date >= e.opened_on::timestamp at time zone v_time_zone
                and (i.interaction_date >= (e.closed_on + 1)::timestamp at time zone v_time_zone) is not true
        )
        and not exists (
            select
            from trustcart.crm_call_attempts as a
            where
                a.customer_id = p_customer_id
                and a.attempted_at >= e.opened_on::timestamp at time zone v_time_zone
                and (a.attempted_at >= (e.closed_on + 1)::timestamp at time zone v_time_zone) is not true
        );
    get diagnostics v_withdrawn = row_count;
    return v_withdrawn;
end;
$$;

--
-- Name: FUNCTION recompute_recovery(p_customer_id bigint, p_contacted_at timestamp with time zone); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.recompute_recovery(p_customer_id bigint, p_contacted_at timestamp with time zone) IS 'After a contact of that instant was taken back: the customer''s dropoff episode that it fell into was not attempted
to be recovered, unless another contact went out during it. Returns the episodes changed.';

--
-- Name: recomputed_figures(bigint[], date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.recomputed_figures(p_customer_ids bigint[], p_as_of date) RETURNS trustcart_private.customer_figures[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
    return array(
        select
            row(
                c.id,
                coalesce(o.order_count, 0),
                coalesce(o.total_spend, 0),
                o.first_order_date,
                o.last_order_date,
                o.next_order_date,
                c.customer_type,
                c.lifecycle_stage
            )::trustcart_private.customer_figures
        from trustcart.customers as c
        left join lateral (
            select
                (count(*) filter (where so.order_date <= p_as_of))::integer as order_count,
                sum(so.total_amount) filter (where so.order_date <= p_as_of) as total_spend,
                min(so.order_date) filter (where so.order_date <= p_as_of) as first_order_date,
                max(so.order_date) filter (where so.order_date <= p_as_of) as last_order_date,
                min(so.order_date) filter (where so.order_date > p_as_of) as next_order_date
            from trustcart.sales_orders as so
            where
                so.customer_id = c.id
                and so.status in (select os.status from trustcart.order_statuses as os where os.counts)
        ) as o on true
        where c.id = any(p_customer_ids)
        order by c.id
    );
end;
$$;

--
-- Name: FUNCTION recomputed_figures(p_customer_ids bigint[], p_as_of date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.recomputed_figures(p_customer_ids bigint[], p_as_of date) IS 'The figures of customers counted afresh from their orders as of a date, with the labels they have now.';

--
-- Name: recount_contact_days(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.recount_contact_days() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_counted bigint;
begin
    -- Whoever has counted a contact commits first, so that it is seen here; whoever is about to waits, and adds to it.
    lock table trustcart_private.contact_days in share row exclusive mode;
    delete from trustcart_private.contact_days;
    insert into trustcart_private.contact_days (customer_id, contacted_on, channel, contacts)
    select
        x.customer_id,
        (x.contacted_at at time zone s.time_zone)::date as contacted_on,
        x.channel,
        count(*) as contacts
    from (
        select
            i.customer_id,
            i.interaction_date as contacted_at,
            i.interaction_type as channel
        from trustcart.customer_interactions as i
        where i.direction = 'outbound'
        union all
        select
            a.customer_id,
            a.attempted_at,
            'call'
        from trustcart.crm_call_attempts as a
    ) as x
    cross join trustcart.settings as s
    group by x.customer_id, 2, x.channel;
    get diagnostics v_counted = row_count;
    return v_counted;
end;
$$;

--
-- Name: FUNCTION recount_contact_days(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.recount_contact_days() IS 'Counts contact_days anew from all interactions and attempts: after the time zone changed, and whenever
check_customer_state() finds them wrong. Other sessions'' contacts wait meanwhile. Returns the rows written.';

--
-- Name: recount_status(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.recount_status() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_as_of date := trustcart.business_date();
    v_ids bigint[];
begin
    v_ids := array(
        select distinct o.customer_id
        from trustcart.sales_orders as o
        where o.status = new.status
    );
    perform trustcart_private.lock_customers(v_ids);
    select greatest(v_as_of, max(c.state_as_of))
    into v_as_of
    from trustcart.customers as c
    where c.id = any(v_ids);
    if tg_when = 'BEFORE' then
        -- Days that no job has counted yet pass under the old rule.
        perform trustcart_private.advance_customer_state(
            array(
                select c.id
                from trustcart.customers as c
                where c.id = any(v_ids) and c.state_valid_until <= v_as_of
            ),
            v_as_of,
            s
        )
        from trustcart.settings as s;
        return new;
    end if;
    perform trustcart_private.write_customer_state(
        trustcart_private.recomputed_figures(v_ids, v_as_of), v_as_of, 'order'
    );
    return null;
end;
$$;

--
-- Name: FUNCTION recount_status(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.recount_status() IS 'Trigger of order_statuses: when a status begins or ceases to count, its customers are counted afresh, after the days
that have passed under the old rule.';

--
-- Name: refusal_of_call(bigint, timestamp with time zone); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.refusal_of_call(p_customer_id bigint, p_at timestamp with time zone, OUT reason text, OUT sqlstate text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    -- What holds for the whole day comes before what holds for the hour.
    select c.reason, c.sqlstate into reason, sqlstate
    from trustcart.check_contact(p_customer_id, p_at) as c
    order by c.sqlstate, c.reason
    limit 1;
end;
$$;

--
-- Name: FUNCTION refusal_of_call(p_customer_id bigint, p_at timestamp with time zone, OUT reason text, OUT sqlstate text); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.refusal_of_call(p_customer_id bigint, p_at timestamp with time zone, OUT reason text, OUT sqlstate text) IS 'The first of what check_contact() holds against calling a customer at an instant, TC209 the last; nulls when
nothing does. All functions that work the list ask here.';

--
-- Name: refuse_consent_change(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.refuse_consent_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    raise exception using
        errcode = 'TC107',
        message = format('customer_consents is append-only: no %s', lower(tg_op)),
        hint = 'Record what holds now by record_consent(): the latest of a channel decides, and history stays.';
end;
$$;

--
-- Name: FUNCTION refuse_consent_change(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.refuse_consent_change() IS 'Trigger: what a customer allowed or forbade is history and is not rewritten. Raises TC107.';

--
-- Name: release_void_claims(date, timestamp with time zone); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.release_void_claims(p_task_date date, p_void_before timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
    v_task_ids bigint[] := array(
        select t.id
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending'
            and t.task_date = p_task_date
            and t.claimed_at < p_void_before
            and (t.started_at < p_void_before) is not false
        order by t.claimed_at
        for no key update skip locked
    );
begin
    if cardinality(v_task_ids) > 0 then
        update trustcart.crm_call_tasks as t
        set claimed_by = null, claimed_at = null, started_at = null
        where t.id = any(v_task_ids);
    end if;
    return cardinality(v_task_ids);
end;
$$;

--
-- Name: FUNCTION release_void_claims(p_task_date date, p_void_before timestamp with time zone); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.release_void_claims(p_task_date date, p_void_before timestamp with time zone) IS 'Gives the tasks of a date back that were claimed before an instant and neither settled nor begun since: they are
nobody''s again, and stand where they stood in their list. Returns how many.';

--
-- Name: relevel_dropoffs(date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.relevel_dropoffs(p_as_of date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_relevelled integer;
begin
    update trustcart.customer_dropoff_tracking as d
    set
        risk_level = l.risk_level,
        level_as_of = d.last_active_date + l.after_days + 1,
        days_inactive = l.after_days + 1,
        opened_on = d.last_active_date + s.dropoff_low_after_days + 1,
        reason = trustcart_private.dropoff_reason_of(l.after_days)
    from trustcart.settings as s, lateral trustcart_private.dropoff_levels(s) as l
    where
        d.closed_on is null
        and l.risk_level = coalesce(
            trustcart_private.risk_level_of(p_as_of - d.last_active_date, s), 'low'
        )
        and (
            d.risk_level <> l.risk_level
            or d.level_as_of <> d.last_active_date + l.after_days + 1
            or d.opened_on <> d.last_active_date + s.dropoff_low_after_days + 1
        );
    get diagnostics v_relevelled = row_count;
    return v_relevelled;
end;
$$;

--
-- Name: FUNCTION relevel_dropoffs(p_as_of date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.relevel_dropoffs(p_as_of date) IS 'Gives the open dropoff episodes the level of p_as_of where theirs is another; returns the episodes written.';

--
-- Name: renew_contact_days(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.renew_contact_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform trustcart_private.recount_contact_days();
    return null;
end;
$$;

--
-- Name: FUNCTION renew_contact_days(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.renew_contact_days() IS 'Trigger: what cannot be added or taken away row by row, a truncate or another time zone, counts contact_days anew.';

--
-- Name: require_agent(bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.require_agent(p_agent_id bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_user trustcart.users;
begin
    select u.* into v_user from trustcart.users as u where u.id = p_agent_id;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', coalesce(p_agent_id::text, 'null')),
            hint = 'Take the id from trustcart.users.';
    elsif v_user.role <> 'crm_agent' or not v_user.is_active then
        raise exception using
            errcode = 'TC201',
            message = format('user %s is not an active crm_agent', p_agent_id),
            hint = 'Calls go to users with role crm_agent and is_active.';
    end if;
    return p_agent_id;
end;
$$;

--
-- Name: FUNCTION require_agent(p_agent_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.require_agent(p_agent_id bigint) IS 'The id given, if it is that of an active crm_agent. TC004 when there is no such user, TC201 when it is another.';

--
-- Name: require_customer(bigint); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.require_customer(p_customer_id bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customer_id is required',
            hint = 'Give the id of the customer.';
    elsif not exists (select from trustcart.customers as c where c.id = p_customer_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'Take the id from trustcart.customers.';
    end if;
    return p_customer_id;
end;
$$;

--
-- Name: FUNCTION require_customer(p_customer_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.require_customer(p_customer_id bigint) IS 'The id given, if it is that of a customer, active or not. TC003 without one, TC004 when there is no such customer.';

--
-- Name: set_updated_at(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    new.updated_at := now();
    return new;
end;
$$;

--
-- Name: FUNCTION set_updated_at(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.set_updated_at() IS 'Trigger: updated_at is the time of the last change.';

--
-- Name: simulated_rules(jsonb); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.simulated_rules(p_overrides jsonb, OUT p_settings trustcart.settings, OUT p_types trustcart.call_task_types[]) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_overrides jsonb := coalesce(p_overrides, '{}');
    v_section text;
    v_settings jsonb;
    v_types jsonb;
begin
    for v_section in
        select k.key
        from jsonb_object_keys(case when jsonb_typeof(v_overrides) = 'object' then v_overrides else '{}' end) as k (key)
        where k.key not in ('settings', 'call_task_types')
        order by k.key
    loop
        raise exception using
            errcode = 'TC002',
            message = format('there are no overrides of %s', v_section),
            hint = 'What can be overridden is "settings" and "call_task_types".';
    end loop;
    if jsonb_typeof(v_overrides) <> 'object'
        or jsonb_typeof(v_overrides -> 'settings') <> 'object'
        or jsonb_typeof(v_overrides -> 'call_task_types') <> 'object' then
        raise exception using
            errcode = 'TC005',
            message = 'overrides, and "settings" and "call_task_types" in them, are objects',
            hint = 'For example {"settings": {"calls_per_agent_day": 50}, "call_task_types": {"at_risk": {"max_calls": 3}}}';
    end if;

    -- Only what a simulated day depends on: anything else would be taken without a word and change nothing.
    v_settings := trustcart_private.overridden_rows(
        'trustcart.settings',
        (select jsonb_build_object('settings', to_jsonb(s)) from trustcart.settings as s),
        v_overrides - 'call_task_types',
        array[
            'vip_order_count', 'vip_spend', 'inactive_from_days', 'at_risk_from_days', 'churned_after_days',
            'contacts_per_week', 'quiet_from', 'quiet_until', 'calls_per_agent_day'
        ]
    );
    for v_section in
        select t.task_type
        from trustcart.call_task_types as t
        where not t.is_generated and v_overrides -> 'call_task_types' ? t.task_type
    loop
        raise exception using
            errcode = 'TC203',
            message = format('calls of type %s are not planned', v_section),
            hint = 'They are created by hand: there is no rule to simulate.';
    end loop;
    v_types := trustcart_private.overridden_rows(
        'trustcart.call_task_types',
        (select jsonb_object_agg(t.task_type, to_jsonb(t)) from trustcart.call_task_types as t),
        coalesce(v_overrides -> 'call_task_types', '{}'),
        array[
            'rank', 'is_enabled', 'base_priority', 'window_days', 'max_calls', 'max_calls_vip', 'min_gap_days',
            'win_back_max_calls', 'win_back_gap_days', 'can_wait', 'required_skill'
        ]
    );
    p_settings := jsonb_populate_record(null::trustcart.settings, v_settings -> 'settings');
    p_types := array(
        select jsonb_populate_record(null::trustcart.call_task_types, t.value) as task_type
        from jsonb_each(v_types) as t (key, value)
        order by (t.value ->> 'rank')::smallint
    );
end;
$$;

--
-- Name: FUNCTION simulated_rules(p_overrides jsonb, OUT p_settings trustcart.settings, OUT p_types trustcart.call_task_types[]); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.simulated_rules(p_overrides jsonb, OUT p_settings trustcart.settings, OUT p_types trustcart.call_task_types[]) IS 'The rules of a simulation: the settings and task types with the overrides of backtest_call_plan(), judged by the types
and constraints of their tables. Nothing is written. TC002 for what is not known, TC005 for what the plan of a simulated
day does not depend on and for values that the tables refuse, TC203 for types that are not planned.';

--
-- Name: staffed_hours(date, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.staffed_hours(p_date date, p_settings trustcart.settings) RETURNS tstzmultirange
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return coalesce(
        (
            select range_agg(tstzrange(
                (p_date + coalesce(a.works_from, '00:00')) at time zone p_settings.time_zone,
                (p_date + coalesce(a.works_until, '24:00')) at time zone p_settings.time_zone
            ))
            from trustcart_private.agent_capacity(p_date) as a
            where a.max_calls > 0
        ),
        tstzmultirange(tstzrange(
            p_date::timestamp at time zone p_settings.time_zone,
            (p_date + 1)::timestamp at time zone p_settings.time_zone
        ))
    );
end;
$$;

--
-- Name: FUNCTION staffed_hours(p_date date, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.staffed_hours(p_date date, p_settings trustcart.settings) IS 'The instants of a business date at which an agent works who may be given calls; whoever has stated no hours works at
any. The whole day where nobody works, for then capacity decides.';

--
-- Name: sync_customer_event_days(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.sync_customer_event_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    delete from trustcart.customer_event_days as e
    where e.customer_id = new.id and e.family_member_id is null;
    insert into trustcart.customer_event_days (customer_id, kind, occurred_on)
    select
        new.id,
        k.kind,
        k.occurred_on
    from (values ('birthday', new.date_of_birth), ('anniversary', new.anniversary_date)) as k (kind, occurred_on)
    where k.occurred_on is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION sync_customer_event_days(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.sync_customer_event_days() IS 'Trigger of customers, by row: after a change of dates the rows of customer_event_days are those of the new ones.';

--
-- Name: sync_customer_phones(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.sync_customer_phones() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    delete from trustcart_private.phone_book as b
    where b.customer_id = new.id and b.family_member_id is null;
    -- The row as it stands, not NEW: what was written into phone_e164 by hand has been undone by now.
    insert into trustcart_private.phone_book (phone_e164, customer_id, kind)
    select
        k.phone_e164,
        c.id,
        k.kind
    from trustcart.customers as c
    cross join lateral (values (c.phone_e164, 'phone'), (c.mobile_e164, 'mobile')) as k (phone_e164, kind)
    where c.id = new.id and k.phone_e164 is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION sync_customer_phones(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.sync_customer_phones() IS 'Trigger of customers, by row: after a change of numbers the rows of phone_book are those of the new ones.';

--
-- Name: sync_dropoffs(bigint[], date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.sync_dropoffs(p_customer_ids bigint[], p_as_of date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_synced integer;
begin
    update trustcart.customer_dropoff_tracking as t
    set
        closed_on = e.closed_on,
        close_reason = e.close_reason,
        -- It closes with the level of the day before the order, whether or not a job ran on that day.
        risk_level = coalesce(e.risk_level, t.risk_level),
        level_as_of = coalesce(t.last_active_date + e.after_days + 1, t.level_as_of),
        days_inactive = coalesce(e.after_days + 1, t.days_inactive),
        reason = coalesce(trustcart_private.dropoff_reason_of(e.after_days), t.reason),
        recovery_successful = t.recovery_attempted and e.close_reason is not distinct from 'order'
    from (
        select
            d.id,
            raised.risk_level,
            raised.after_days,
            case
                when later.order_date is not null then later.order_date
                when origin.counts is null then coalesce(d.closed_on, p_as_of)
            end as closed_on,
            case
                when later.order_date is not null then 'order'
                when origin.counts is null then 'withdrawn'
            end as close_reason
        from trustcart.customer_dropoff_tracking as d
        left join lateral (
            select o.order_date
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status
            where
                o.customer_id = d.customer_id and o.order_date > d.last_active_date and o.order_date <= p_as_of
                and os.counts
            order by o.order_date
            limit 1
        ) as later on true
        left join lateral (
            select os.counts
            from trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status
            where o.customer_id = d.customer_id and o.order_date = d.last_active_date and os.counts
            limit 1
        ) as origin on true
        cross join trustcart.settings as x
        left join lateral trustcart_private.dropoff_levels(x) as raised
            on
                d.closed_on is null
                and raised.risk_level = trustcart_private.risk_level_of(
                    later.order_date - 1 - d.last_active_date, x
                )
                and raised.after_days + 1 > d.days_inactive
        where d.customer_id = any(p_customer_ids)
    ) as e
    where
        t.id = e.id
        and (t.closed_on is distinct from e.closed_on or t.close_reason is distinct from e.close_reason);
    get diagnostics v_synced = row_count;
    return v_synced;
end;
$$;

--
-- Name: FUNCTION sync_dropoffs(p_customer_ids bigint[], p_as_of date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.sync_dropoffs(p_customer_ids bigint[], p_as_of date) IS 'Opens and closes the dropoff episodes of customers after their orders changed: closed by the first later counted order,
open again without one, withdrawn when the order they count from no longer counts. Returns the episodes changed.';

--
-- Name: sync_family_event_days(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.sync_family_event_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if tg_op = 'TRUNCATE' then
        -- The foreign key has emptied customer_event_days along; the customers' own days come back.
        insert into trustcart.customer_event_days (customer_id, kind, occurred_on)
        select
            c.id,
            k.kind,
            k.occurred_on
        from trustcart.customers as c
        cross join lateral (
            values ('birthday', c.date_of_birth), ('anniversary', c.anniversary_date)
        ) as k (kind, occurred_on)
        where k.occurred_on is not null
        on conflict do nothing;
        return null;
    end if;
    delete from trustcart.customer_event_days as e
    where e.family_member_id = new.id;
    insert into trustcart.customer_event_days (customer_id, family_member_id, kind, occurred_on)
    select
        new.customer_id,
        new.id,
        k.kind,
        k.occurred_on
    from (values ('birthday', new.date_of_birth), ('anniversary', new.anniversary_date)) as k (kind, occurred_on)
    where k.occurred_on is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION sync_family_event_days(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.sync_family_event_days() IS 'Trigger of customer_family_members: after a change of dates, by row, the rows of customer_event_days are those of the
new ones; after a truncate, customer_event_days holds the customers'' own days.';

--
-- Name: sync_family_phones(); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.sync_family_phones() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if tg_op = 'TRUNCATE' then
        -- The foreign key has emptied phone_book along; the customers' own numbers come back.
        insert into trustcart_private.phone_book (phone_e164, customer_id, kind)
        select
            k.phone_e164,
            c.id,
            k.kind
        from trustcart.customers as c
        cross join lateral (values (c.phone_e164, 'phone'), (c.mobile_e164, 'mobile')) as k (phone_e164, kind)
        where k.phone_e164 is not null
        on conflict do nothing;
        return null;
    end if;
    delete from trustcart_private.phone_book as b
    where b.family_member_id = new.id;
    insert into trustcart_private.phone_book (phone_e164, customer_id, family_member_id, kind)
    select
        new.phone_e164,
        new.customer_id,
        new.id,
        'phone'
    where new.phone_e164 is not null;
    return null;
end;
$$;

--
-- Name: FUNCTION sync_family_phones(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.sync_family_phones() IS 'Trigger of customer_family_members: after a change of number or customer, by row, the row of phone_book is that of the
new one; after a truncate, phone_book holds the customers'' own numbers.';

--
-- Name: unanswered_customers(bigint[], date, trustcart.settings); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.unanswered_customers(p_customer_ids bigint[], p_date date, p_settings trustcart.settings) RETURNS TABLE(customer_id bigint, mornings bigint, afternoons bigint, evenings bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_nestloop TO 'on'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
declare
    v_day_begins timestamptz := p_date::timestamp at time zone p_settings.time_zone;
begin
    return query
    with attempts as materialized (
        select
            a.customer_id,
            a.attempted_at,
            trustcart_private.outcome_word(a.outcome) as outcome
        from trustcart.crm_call_attempts as a
        where
            a.customer_id in (select w.id from unnest(p_customer_ids) as w (id))
            and a.attempted_at < v_day_begins
            and a.attempted_at >= v_day_begins - interval '60 days'
    ),

    -- An outcome that is no retry means that somebody answered.
    counted as (
        select
            a.customer_id,
            o.max_attempts,
            trustcart_private.day_part_of(
                extract(hour from a.attempted_at at time zone p_settings.time_zone)::integer
            ) as part,
            count(*) filter (where o.outcome is null) over (
                partition by a.customer_id
                order by a.attempted_at desc
            ) as answered
        from attempts as a
        left join trustcart.call_outcomes as o on a.outcome = o.outcome and o.next_step = 'retry'
    )

    select
        c.customer_id,
        count(*) filter (where c.part = 'morning'),
        count(*) filter (where c.part = 'afternoon'),
        count(*) filter (where c.part = 'evening')
    from counted as c
    where c.answered = 0
    group by c.customer_id
    having count(*) >= max(c.max_attempts);
end;
$$;

--
-- Name: FUNCTION unanswered_customers(p_customer_ids bigint[], p_date date, p_settings trustcart.settings); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.unanswered_customers(p_customer_ids bigint[], p_date date, p_settings trustcart.settings) IS 'Those of the given customers who, when the date begins, did not answer as often as call_outcomes allows one task, and
how often they were tried in each part of the day since anybody answered; what is older than sixty days is forgotten.';

--
-- Name: write_call_list(date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.write_call_list(p_date date) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET jit TO 'off'
    SET enable_nestloop TO 'off'
    SET work_mem TO '256MB'
    AS $$
declare
    v_overtaken integer;
    v_past_before date := least(p_date, trustcart.business_date());
    v_counts record;
begin
    with planned as materialized (
        select p.*
        from trustcart.plan_daily_call_tasks(p_date) as p
    ),

    carried as materialized (
        select
            p.customer_id,
            c.id,
            c.place
        from planned as p
        cross join lateral unnest(p.carried_from) with ordinality as c (id, place)
        where p.decision = 'kept'
    ),

    -- Of the calls carried on: which the new task follows, and whether another task has followed one since. The arrays
    -- lead to the indexes, whatever the join is.
    followed as materialized (
        select
            c.customer_id,
            (
                array_agg(o.id order by c.place) filter (
                    where s.id is null and o.status in ('pending', 'carried')
                )
            )[1] as predecessor_id,
            bool_or(s.id is not null) as has_successor
        from carried as c
        inner join trustcart.crm_call_tasks as o
            on c.id = o.id and o.id = any(array(select w.id from carried as w))
        left join trustcart.crm_call_tasks as s
            on c.id = s.predecessor_id and s.predecessor_id = any(array(select w.id from carried as w))
        group by c.customer_id
    ),

    -- The plan knows the day as it began; since then calls may have been made, put off or settled otherwise, and others
    -- have taken places.
    kept as materialized (
        select
            p.*,
            f.predecessor_id,
            coalesce(
                f.has_successor
                or (
                    f.predecessor_id is null
                    -- nothing but what was carried speaks for the call
                    and not exists (
                        select from jsonb_array_elements(p.reasons) as r (fact)
                        where
                            not r.fact @> '{"still_due": false}'
                    )
                ),
                false
            ) as is_settled,
            exists (
                select from trustcart.crm_call_tasks as t
                where t.customer_id = p.customer_id and t.task_date = p_date and t.source = 'generated'
            ) as is_there,
            exists (
                select from trustcart_private.contact_days as c
                where
                    c.customer_id = p.customer_id and c.contacted_on = p_date and c.channel = 'call' and c.contacts > 0
            ) as is_called
        from planned as p
        left join followed as f on p.customer_id = f.customer_id
        where p.decision = 'kept'
    ),

    missing as materialized (
        select
            k.*,
            k.agent_id is null or row_number() over (partition by k.agent_id order by k.list_position)
            <= a.max_calls - coalesce(d.calls, 0) as has_room
        from kept as k
        left join trustcart_private.agent_capacity(p_date) as a on k.agent_id = a.agent_id
        left join trustcart.agent_days as d on k.agent_id = d.agent_id and d.work_date = p_date
        where not k.is_there and not k.is_called and not k.is_settled
    ),

    created as (
        insert into trustcart.crm_call_tasks (
            customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, reasons, list_position,
            call_from, call_until, due_at, why_agent, predecessor_id, first_planned_on
        )
        select
            m.customer_id,
            m.agent_id,
            m.task_type,
            m.priority,
            p_date,
            m.notes,
            'generated',
            m.reasons,
            m.list_position,
            m.call_from,
            m.call_until,
            m.due_at,
            m.why_agent,
            m.predecessor_id,
            m.first_planned_on
        from missing as m
        where m.has_room
        order by m.customer_id
        on conflict (customer_id, task_date) where source = 'generated' do nothing
        returning task_type, customer_id
    ),

    -- What becomes of the calls of past days. Whoever found no place keeps waiting; the rest is settled.
    settled as (
        update trustcart.crm_call_tasks as t
        set
            status = f.fate,
            close_reason = f.reason,
            settled_on = p_date
        from (
            select
                o.id,
                case
                    when (o.id = any(p.carried_from)) is not true then 'expired'
                    when k.is_there or m.has_room then 'carried'
                    when k.is_called or (p.decision = 'dropped' and p.list_position is null) then 'expired'
                end as fate,
                case
                    when (o.id = any(p.carried_from)) is not true then 'not called in time'
                    when k.is_there or m.has_room then format('carried over to %s', p_date)
                    when k.is_called then format('called on %s', p_date)
                    else p.why
                end as reason
            from trustcart.crm_call_tasks as o
            left join planned as p on o.customer_id = p.customer_id
            left join kept as k on o.customer_id = k.customer_id
            left join missing as m on o.customer_id = m.customer_id
            where o.status = 'pending' and o.task_date < v_past_before
        ) as f
        where t.id = f.id and t.status = 'pending' and f.fate is not null
        returning t.status
    ),

    waiting as materialized (
        select p.customer_id
        from planned as p
        where
            -- Dropped with a place in the list: for want of room, not by a rule.
            p.decision = 'dropped' and p.list_position is not null
            -- A cap that was lowered since takes nobody's task away.
            and not exists (
                select from trustcart.crm_call_tasks as t
                where t.customer_id = p.customer_id and t.task_date = p_date and t.source = 'generated'
            )
        union all
        select m.customer_id
        from missing as m
        where not m.has_room
    ),

    begun as (
        insert into trustcart.call_waiting_list (customer_id, waiting_since)
        select
            w.customer_id,
            p_date
        from waiting as w
        where not exists (
            select from trustcart.call_waiting_list as l
            where l.customer_id = w.customer_id and l.ended_on is null
        )
        order by w.customer_id
        on conflict do nothing
    ),

    ended as (
        update trustcart.call_waiting_list as l
        set ended_on = p_date
        where
            l.ended_on is null
            and l.waiting_since < p_date
            and not exists (select from waiting as w where w.customer_id = l.customer_id)
    ),

    withdrawn as (
        delete from trustcart.call_waiting_list as l
        where
            l.ended_on is null
            and l.waiting_since = p_date
            and not exists (select from waiting as w where w.customer_id = l.customer_id)
    )

    select
        (select coalesce(jsonb_object_agg(n.task_type, n.tasks), '{}') from (
            select
                c.task_type,
                count(*) as tasks
            from created as c
            group by c.task_type
        ) as n) as breakdown,
        (select count(*) from created as c) as created,
        (select array_agg(c.customer_id) from created as c) as customer_ids,
        (select count(*) from kept as k where k.is_there) as already_there,
        (select count(*) from planned as p where p.decision = 'dropped') as dropped,
        (select count(*) from waiting as w) as no_capacity,
        (select count(*) from settled as s where s.status = 'carried') as carried,
        (select count(*) from settled as s where s.status = 'expired') as expired
    into v_counts;

    -- What an order of the day makes pointless the plan does not know: it acts on the task as on those that were there.
    v_overtaken := trustcart_private.cancel_overtaken_tasks(
        array(
            select c.id
            from trustcart.customers as c
            where c.id = any(v_counts.customer_ids) and c.last_order_date >= p_date
        )
    );

    return jsonb_build_object(
        'message', format('Generated %s call tasks for %s', v_counts.created, p_date),
        'breakdown', v_counts.breakdown,
        'task_date', p_date,
        'created', v_counts.created,
        'already_there', v_counts.already_there,
        'dropped', v_counts.dropped,
        'no_capacity', v_counts.no_capacity,
        'carried', v_counts.carried,
        'expired', v_counts.expired,
        'overtaken', v_overtaken,
        'total', (
            select count(*)
            from trustcart.crm_call_tasks as t
            where t.task_date = p_date and t.source = 'generated'
        )
    );
end;
$$;

--
-- Name: FUNCTION write_call_list(p_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.write_call_list(p_date date) IS 'Writes the plan of a date down in one statement, for generate_daily_call_tasks(), whose result it returns: the missing
tasks, the fate of the calls of past days, and who waits for a place. A call that an order of the day has overtaken is
written and cancelled. TC206 when another session takes an agent''s last
place at the same time, TC207 or TC201 when the agent goes.';

--
-- Name: write_customer_state(trustcart_private.customer_figures[], date, text, boolean); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.write_customer_state(p_figures trustcart_private.customer_figures[], p_as_of date, p_cause text, p_are_increments boolean DEFAULT false) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_written bigint[];
    v_relabelled trustcart_private.customer_figures[];
    v_behaviors integer;
    v_has_dropoff boolean;
begin
    with figures as (
        select
            c.id,
            case when p_are_increments then c.order_count + f.order_count else f.order_count end as order_count,
            case when p_are_increments then c.total_spend + f.total_spend else f.total_spend end as total_spend,
            case
                when p_are_increments then least(c.first_order_date, f.first_order_date) else f.first_order_date
            end as first_order_date,
            case
                when p_are_increments then greatest(c.last_order_date, f.last_order_date) else f.last_order_date
            end as last_order_date,
            case
                when p_are_increments then least(c.next_order_date, f.next_order_date) else f.next_order_date
            end as next_order_date,
            case when p_are_increments then c.customer_type else f.from_type end as from_type,
            case when p_are_increments then c.lifecycle_stage else f.from_stage end as from_stage
        from unnest(p_figures) as f
        -- Of a row that another session is changing, the lock waits for, and reads, the latest version.
        cross join lateral (
            select k.*
            from trustcart.customers as k
            where
                k.id = f.customer_id
                and (not p_are_increments or (k.state_valid_until > p_as_of) is not false and k.state_as_of <= p_as_of)
            for no key update
        ) as c
    ),

    written as (
        update trustcart.customers as c
        set
            order_count = f.order_count,
            total_spend = f.total_spend,
            first_order_date = f.first_order_date,
            last_order_date = f.last_order_date,
            next_order_date = f.next_order_date,
            customer_type = trustcart_private.customer_type_of(
                f.order_count, f.total_spend, p_as_of - f.last_order_date, s
            ),
            lifecycle_stage = trustcart_private.lifecycle_stage_of(f.order_count, p_as_of - f.last_order_date, s),
            priority_level = trustcart_private.priority_level_of(p_as_of - f.last_order_date, s),
            state_as_of = p_as_of,
            state_valid_until = least(
                trustcart_private.next_label_date(f.last_order_date, p_as_of, s), f.next_order_date
            ),
            state_revision = c.state_revision + 1
        from figures as f, trustcart.settings as s
        where c.id = f.id
        returning
            c.id,
            c.order_count,
            c.total_spend,
            c.first_order_date,
            c.last_order_date,
            f.from_type,
            f.from_stage,
            c.customer_type is distinct from f.from_type or c.lifecycle_stage <> f.from_stage as is_relabelled
    ),

    -- The cheap figures of the behaviour hang on the same facts; what needs the items waits for its job.
    behaved as (
        update trustcart.customer_behavior as b
        set
            avg_order_value = trustcart_private.avg_order_value_of(w.order_count, w.total_spend),
            avg_days_between_orders = trustcart_private.avg_days_between_orders_of(
                w.order_count, w.first_order_date, w.last_order_date
            ),
            refresh_due = true,
            updated_at = now()
        from written as w
        where p_cause in ('order', 'rewind') and b.customer_id = w.id
        returning b.customer_id
    )

    select
        coalesce(array_agg(w.id), '{}'),
        array_agg(
            row(w.id, null, null, null, null, null, w.from_type, w.from_stage)::trustcart_private.customer_figures
        ) filter (where w.is_relabelled),
        (select count(*) from behaved as b),
        bool_or(exists (select from trustcart.customer_dropoff_tracking as d where d.customer_id = w.id))
    into v_written, v_relabelled, v_behaviors, v_has_dropoff
    from written as w;

    if v_relabelled is not null then
        insert into trustcart.customer_state_changes (
            customer_id, attribute, from_value, to_value, business_date, cause
        )
        select
            c.id,
            a.attribute,
            a.from_value,
            a.to_value,
            p_as_of,
            p_cause
        from unnest(v_relabelled) as f
        inner join trustcart.customers as c on f.customer_id = c.id
        cross join lateral (
            values
            ('customer_type', f.from_type, c.customer_type),
            ('lifecycle_stage', f.from_stage, c.lifecycle_stage)
        ) as a (attribute, from_value, to_value)
        where a.from_value is distinct from a.to_value
        order by c.id, a.attribute;
    end if;

    if p_cause in ('order', 'rewind') then
        if v_behaviors < cardinality(v_written) then
            insert into trustcart.customer_behavior (customer_id, avg_order_value, avg_days_between_orders)
            select
                c.id,
                trustcart_private.avg_order_value_of(c.order_count, c.total_spend),
                trustcart_private.avg_days_between_orders_of(c.order_count, c.first_order_date, c.last_order_date)
            from trustcart.customers as c
            where c.id = any(v_written) and c.order_count > 0
            order by c.id
            on conflict (customer_id) do nothing;
        end if;
        if v_has_dropoff then
            perform trustcart_private.sync_dropoffs(v_written, p_as_of);
        end if;
    end if;
    return v_written;
end;
$$;

--
-- Name: FUNCTION write_customer_state(p_figures trustcart_private.customer_figures[], p_as_of date, p_cause text, p_are_increments boolean); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.write_customer_state(p_figures trustcart_private.customer_figures[], p_as_of date, p_cause text, p_are_increments boolean) IS 'Writes the state of customers from their figures: labels, validity, history, the cheap figures of the behaviour,
dropoff episodes. Figures are absolute, for rows that the caller has locked, or increments: these are added to the rows as they
are, in the order given, except to rows that must advance to p_as_of first. Returns the ids written.';

--
-- Name: agent_days; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.agent_days (
    agent_id bigint NOT NULL,
    work_date date NOT NULL,
    calls integer NOT NULL,
    max_calls integer NOT NULL,
    CONSTRAINT agent_days_within_cap CHECK (((calls >= 0) AND (calls <= max_calls)))
)
WITH (fillfactor='80');

--
-- Name: TABLE agent_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.agent_days IS 'How many calls of a day an agent has been given, and how many the day holds: the cap, as a constraint. Kept by triggers
on crm_call_tasks; skipped and cancelled calls free their place.';

--
-- Name: COLUMN agent_days.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_days.agent_id IS 'Whose day; goes with the user.';

--
-- Name: COLUMN agent_days.work_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_days.work_date IS 'The day.';

--
-- Name: COLUMN agent_days.calls; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_days.calls IS 'Tasks of the day assigned to the agent that are not skipped or cancelled.';

--
-- Name: COLUMN agent_days.max_calls; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_days.max_calls IS 'The cap when calls last rose; calls that were made are counted even beyond it, and raise it.';

--
-- Name: agent_languages; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.agent_languages (
    agent_id bigint NOT NULL,
    language text NOT NULL,
    CONSTRAINT agent_languages_language_word CHECK ((language ~ '^[a-z]{2,3}$'::text))
);

--
-- Name: TABLE agent_languages; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.agent_languages IS 'Languages an agent speaks, ISO 639. An agent without rows takes customers of any language.';

--
-- Name: COLUMN agent_languages.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_languages.agent_id IS 'Who speaks it; goes with the user.';

--
-- Name: COLUMN agent_languages.language; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_languages.language IS 'The language: bn, en ...';

--
-- Name: agent_leave; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.agent_leave (
    id bigint NOT NULL,
    agent_id bigint NOT NULL,
    during daterange NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_leave_during_sane CHECK (((NOT isempty(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during)) AND (lower(during) >= '1900-01-01'::date) AND (upper(during) <= '2200-01-01'::date)))
);

--
-- Name: TABLE agent_leave; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.agent_leave IS 'Days on which an agent is away. Entered for today or later, it hands the agent''s open calls of those days to others at
once.';

--
-- Name: COLUMN agent_leave.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_leave.id IS 'Identity of the leave.';

--
-- Name: COLUMN agent_leave.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_leave.agent_id IS 'Who is away; goes with the user.';

--
-- Name: COLUMN agent_leave.during; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_leave.during IS 'The days, as a range: [first, day after the last).';

--
-- Name: COLUMN agent_leave.reason; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_leave.reason IS 'Holiday, illness ...';

--
-- Name: COLUMN agent_leave.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_leave.created_at IS 'When it was entered.';

--
-- Name: agent_leave_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.agent_leave ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.agent_leave_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: users; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.users (
    id bigint NOT NULL,
    name text NOT NULL,
    email trustcart.email_address,
    role text DEFAULT 'crm_agent'::text NOT NULL,
    db_role text,
    team_leader_id bigint,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_name_given CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT users_not_own_leader CHECK ((team_leader_id <> id)),
    CONSTRAINT users_role_known CHECK ((role = ANY (ARRAY['crm_agent'::text, 'crm_manager'::text, 'admin'::text, 'other'::text])))
);

--
-- Name: TABLE users; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.users IS 'The people of the shop who work with customers. Agents (role crm_agent) get calls; managers and admins see all.';

--
-- Name: COLUMN users.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.id IS 'Identity of the user.';

--
-- Name: COLUMN users.name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.name IS 'Name as shown on dashboards.';

--
-- Name: COLUMN users.email; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.email IS 'E-mail address; unique whatever its case.';

--
-- Name: COLUMN users.role; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.role IS 'crm_agent, crm_manager or admin as in the guide; other for staff without CRM work.';

--
-- Name: COLUMN users.db_role; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.db_role IS 'Login role of the database that acts as this user, where there is one.';

--
-- Name: COLUMN users.team_leader_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.team_leader_id IS 'The user who leads the team of this one.';

--
-- Name: COLUMN users.is_active; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.is_active IS 'False once the person has left: no calls are assigned any more.';

--
-- Name: COLUMN users.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.created_at IS 'When the row was made.';

--
-- Name: COLUMN users.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.users.updated_at IS 'When the row was last changed; kept by a trigger.';

--
-- Name: agent_performance_dashboard; Type: VIEW; Schema: trustcart; Owner: -
--

CREATE VIEW trustcart.agent_performance_dashboard WITH (security_invoker='true') AS
 SELECT u.id AS agent_id,
    u.name AS agent_name,
    COALESCE(t.total_tasks, (0)::bigint) AS total_tasks,
    COALESCE(t.completed_tasks, (0)::bigint) AS completed_tasks,
    COALESCE(t.successful_calls, (0)::bigint) AS successful_calls,
    COALESCE(i.total_interactions, (0)::bigint) AS total_interactions,
    t.avg_call_duration_minutes,
    COALESCE(round((((t.completed_tasks)::numeric * 100.0) / (NULLIF(t.total_tasks, 0))::numeric), 2), (0)::numeric) AS completion_rate,
    COALESCE(round((((t.successful_calls)::numeric * 100.0) / (NULLIF(t.completed_tasks, 0))::numeric), 2), (0)::numeric) AS success_rate
   FROM ((trustcart.users u
     LEFT JOIN ( SELECT ct.assigned_agent_id,
            count(*) AS total_tasks,
            count(*) FILTER (WHERE (ct.status = 'completed'::text)) AS completed_tasks,
            count(*) FILTER (WHERE ct.successful) AS successful_calls,
            round((EXTRACT(epoch FROM avg((ct.completed_at - ct.started_at))) / (60)::numeric), 2) AS avg_call_duration_minutes
           FROM trustcart.crm_call_tasks ct
          GROUP BY ct.assigned_agent_id) t ON ((u.id = t.assigned_agent_id)))
     LEFT JOIN ( SELECT ci.agent_id,
            count(*) AS total_interactions
           FROM trustcart.customer_interactions ci
          GROUP BY ci.agent_id) i ON ((u.id = i.agent_id)))
  WHERE (u.role = 'crm_agent'::text);

--
-- Name: VIEW agent_performance_dashboard; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON VIEW trustcart.agent_performance_dashboard IS 'What each agent has done so far, one row an agent (guide: "agent_performance_dashboard").';

--
-- Name: COLUMN agent_performance_dashboard.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.agent_id IS 'Identity of the agent.';

--
-- Name: COLUMN agent_performance_dashboard.agent_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.agent_name IS 'Name of the agent.';

--
-- Name: COLUMN agent_performance_dashboard.total_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.total_tasks IS 'Call tasks assigned to the agent.';

--
-- Name: COLUMN agent_performance_dashboard.completed_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.completed_tasks IS 'Those that are completed.';

--
-- Name: COLUMN agent_performance_dashboard.successful_calls; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.successful_calls IS 'Those whose outcome begins with the word "successful".';

--
-- Name: COLUMN agent_performance_dashboard.total_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.total_interactions IS 'Interactions of the agent, those of completed tasks included, each counted once.';

--
-- Name: COLUMN agent_performance_dashboard.avg_call_duration_minutes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.avg_call_duration_minutes IS 'Mean time from start to completion of the tasks that were started, in minutes; null without one.';

--
-- Name: COLUMN agent_performance_dashboard.completion_rate; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.completion_rate IS 'Completed of all tasks, in percent; 0 without tasks.';

--
-- Name: COLUMN agent_performance_dashboard.success_rate; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_performance_dashboard.success_rate IS 'Successful of completed tasks, in percent; 0 without any.';

--
-- Name: agent_skills; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.agent_skills (
    agent_id bigint NOT NULL,
    skill text NOT NULL,
    CONSTRAINT agent_skills_skill_word CHECK ((skill ~ '^[a-z][a-z0-9_]*$'::text))
);

--
-- Name: TABLE agent_skills; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.agent_skills IS 'What an agent was trained for, as call_task_types.required_skill asks. An agent without rows takes any call.';

--
-- Name: COLUMN agent_skills.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_skills.agent_id IS 'Who has it; goes with the user.';

--
-- Name: COLUMN agent_skills.skill; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_skills.skill IS 'The skill.';

--
-- Name: agent_working_hours; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.agent_working_hours (
    agent_id bigint NOT NULL,
    weekday smallint NOT NULL,
    works_from time without time zone NOT NULL,
    works_until time without time zone NOT NULL,
    max_calls integer,
    CONSTRAINT agent_working_hours_in_order CHECK ((works_from < works_until)),
    CONSTRAINT agent_working_hours_max_calls_sane CHECK (((max_calls >= 0) AND (max_calls <= 100000))),
    CONSTRAINT agent_working_hours_weekday_known CHECK (((weekday >= 1) AND (weekday <= 7)))
);

--
-- Name: TABLE agent_working_hours; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.agent_working_hours IS 'Working days and hours of an agent. An agent with rows works on those weekdays only; one without works every day.';

--
-- Name: COLUMN agent_working_hours.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_working_hours.agent_id IS 'Whose hours; go with the user.';

--
-- Name: COLUMN agent_working_hours.weekday; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_working_hours.weekday IS '1 Monday to 7 Sunday.';

--
-- Name: COLUMN agent_working_hours.works_from; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_working_hours.works_from IS 'Beginning of work, business time zone.';

--
-- Name: COLUMN agent_working_hours.works_until; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_working_hours.works_until IS 'End of work.';

--
-- Name: COLUMN agent_working_hours.max_calls; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.agent_working_hours.max_calls IS 'Calls on this weekday at most; null: settings.calls_per_agent_day.';

--
-- Name: call_scripts; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.call_scripts (
    id bigint NOT NULL,
    title text NOT NULL,
    rank smallint NOT NULL,
    task_type text,
    customer_type text,
    focus text NOT NULL,
    offer text,
    dos text[] NOT NULL,
    donts text[] NOT NULL,
    CONSTRAINT call_scripts_customer_type_known CHECK ((customer_type = ANY (ARRAY['new'::text, 'repeat'::text, 'vip'::text, 'inactive'::text])))
);

--
-- Name: TABLE call_scripts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.call_scripts IS 'What to say and what not, by the call and the customer: the first in rank that fits both is the task''s script.';

--
-- Name: COLUMN call_scripts.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.id IS 'Identity of the script.';

--
-- Name: COLUMN call_scripts.title; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.title IS 'What kind of call it is.';

--
-- Name: COLUMN call_scripts.rank; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.rank IS 'Order in which the scripts are tried.';

--
-- Name: COLUMN call_scripts.task_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.task_type IS 'For tasks of this type; null: of any.';

--
-- Name: COLUMN call_scripts.customer_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.customer_type IS 'For customers of this type; null: of any.';

--
-- Name: COLUMN call_scripts.focus; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.focus IS 'What the call is about.';

--
-- Name: COLUMN call_scripts.offer; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.offer IS 'What may be offered.';

--
-- Name: COLUMN call_scripts.dos; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.dos IS 'What to do.';

--
-- Name: COLUMN call_scripts.donts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_scripts.donts IS 'What not to do.';

--
-- Name: call_scripts_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.call_scripts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.call_scripts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: call_waiting_list; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.call_waiting_list (
    customer_id bigint NOT NULL,
    waiting_since date NOT NULL,
    ended_on date,
    CONSTRAINT call_waiting_list_ended_later CHECK ((ended_on > waiting_since))
);

--
-- Name: TABLE call_waiting_list; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.call_waiting_list IS 'Customers whose call a day''s list had no place for, from the first such day until they are called or no longer due:
within their priority they are first in line. Written by generate_daily_call_tasks().';

--
-- Name: COLUMN call_waiting_list.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_waiting_list.customer_id IS 'Who waits; goes with the customer.';

--
-- Name: COLUMN call_waiting_list.waiting_since; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_waiting_list.waiting_since IS 'The first day without a place.';

--
-- Name: COLUMN call_waiting_list.ended_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.call_waiting_list.ended_on IS 'The day the waiting ended; null while it lasts.';

--
-- Name: carts; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.carts (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    total_amount numeric(12,2),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_active_at timestamp with time zone DEFAULT now() NOT NULL,
    order_id bigint,
    abandoned_at timestamp with time zone,
    recovered_on date,
    CONSTRAINT carts_last_active_after_created CHECK ((last_active_at >= created_at)),
    CONSTRAINT carts_recovered_once_abandoned CHECK (((recovered_on IS NULL) OR (abandoned_at IS NOT NULL))),
    CONSTRAINT carts_total_amount_sane CHECK (((total_amount >= (0)::numeric) AND (total_amount < '10000000000'::numeric)))
);

--
-- Name: TABLE carts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.carts IS 'Shopping carts; refresh_customer_behavior() finds the abandoned ones.';

--
-- Name: COLUMN carts.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.id IS 'Identity of the cart.';

--
-- Name: COLUMN carts.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.customer_id IS 'Whose cart it is.';

--
-- Name: COLUMN carts.total_amount; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.total_amount IS 'What is in it, in taka.';

--
-- Name: COLUMN carts.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.created_at IS 'When it was begun.';

--
-- Name: COLUMN carts.last_active_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.last_active_at IS 'When something was last put in or taken out.';

--
-- Name: COLUMN carts.order_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.order_id IS 'The order it became, if it did.';

--
-- Name: COLUMN carts.abandoned_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.abandoned_at IS 'When it passed settings.cart_abandoned_after without an order; derived by refresh_customer_behavior().';

--
-- Name: COLUMN carts.recovered_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.carts.recovered_on IS 'Date of the order that followed its abandonment within settings.cart_recovery_days; derived likewise.';

--
-- Name: carts_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.carts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.carts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: categories; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.categories (
    id bigint NOT NULL,
    name text NOT NULL,
    parent_id bigint,
    CONSTRAINT categories_name_given CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT categories_not_own_parent CHECK ((parent_id <> id))
);

--
-- Name: TABLE categories; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.categories IS 'Product categories, as the shop names them.';

--
-- Name: COLUMN categories.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.categories.id IS 'Identity of the category.';

--
-- Name: COLUMN categories.name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.categories.name IS 'Name; customer_behavior.preferred_categories holds these.';

--
-- Name: COLUMN categories.parent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.categories.parent_id IS 'The category this one is part of, if any.';

--
-- Name: categories_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.categories ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.categories_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: crm_call_attempts; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.crm_call_attempts (
    id bigint NOT NULL,
    attempted_at timestamp with time zone DEFAULT now() NOT NULL,
    task_id bigint,
    customer_id bigint NOT NULL,
    agent_id bigint,
    outcome text NOT NULL,
    successful boolean GENERATED ALWAYS AS (trustcart_private.is_successful_outcome(outcome)) STORED,
    notes text,
    due_at timestamp with time zone,
    CONSTRAINT crm_call_attempts_due_after_attempt CHECK ((due_at > attempted_at)),
    CONSTRAINT crm_call_attempts_outcome_given CHECK ((btrim(outcome) <> ''::text))
)
PARTITION BY RANGE (attempted_at);

--
-- Name: TABLE crm_call_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.crm_call_attempts IS 'Each time a customer was rung up, answered or not; partitioned by month.';

--
-- Name: COLUMN crm_call_attempts.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.id IS 'Identity of the attempt.';

--
-- Name: COLUMN crm_call_attempts.attempted_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.attempted_at IS 'When.';

--
-- Name: COLUMN crm_call_attempts.task_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.task_id IS 'The task it belongs to.';

--
-- Name: COLUMN crm_call_attempts.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.customer_id IS 'Who was called.';

--
-- Name: COLUMN crm_call_attempts.agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.agent_id IS 'Who called.';

--
-- Name: COLUMN crm_call_attempts.outcome; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.outcome IS 'What came of it; the first word decides.';

--
-- Name: COLUMN crm_call_attempts.successful; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.successful IS 'True when the first word of the outcome is "successful".';

--
-- Name: COLUMN crm_call_attempts.notes; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.notes IS 'Notes of the agent.';

--
-- Name: COLUMN crm_call_attempts.due_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.crm_call_attempts.due_at IS 'When to try again, where an hour was agreed.';

--
-- Name: crm_call_attempts_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.crm_call_attempts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.crm_call_attempts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: crm_call_task_assignments_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.crm_call_task_assignments ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.crm_call_task_assignments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: crm_call_tasks_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.crm_call_tasks ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.crm_call_tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_360_view; Type: VIEW; Schema: trustcart; Owner: -
--

CREATE VIEW trustcart.customer_360_view WITH (security_invoker='true') AS
 SELECT c.id AS customer_id,
    c.first_name,
    c.last_name,
    c.email,
    c.phone,
    c.customer_type,
    c.lifecycle_stage,
    c.priority_level AS customer_temperature,
    c.total_spend AS lifetime_value,
    c.order_count AS total_orders,
    b.avg_order_value,
    c.last_order_date,
    (( SELECT ((now() AT TIME ZONE s.time_zone))::date AS timezone
           FROM trustcart.settings s) - c.last_order_date) AS days_since_last_order,
    c.family_members_count,
    c.interactions_count AS total_interactions,
    b.preferred_categories,
    b.avg_days_between_orders,
    c.mobile,
    c.assigned_agent_id,
    c.is_active,
    c.first_order_date,
    (c.last_order_date + b.avg_days_between_orders) AS next_order_expected_on,
    c.state_as_of
   FROM (trustcart.customers c
     LEFT JOIN trustcart.customer_behavior b ON ((c.id = b.customer_id)));

--
-- Name: VIEW customer_360_view; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON VIEW trustcart.customer_360_view IS 'All of a customer in one row (guide: "customer_360_view"). One customer, or a page sorted by lifetime_value or
last_order_date, reads no other rows: nothing is joined that multiplies.';

--
-- Name: COLUMN customer_360_view.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.customer_id IS 'The customer.';

--
-- Name: COLUMN customer_360_view.first_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.first_name IS 'Given name.';

--
-- Name: COLUMN customer_360_view.last_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.last_name IS 'Family name.';

--
-- Name: COLUMN customer_360_view.email; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.email IS 'E-mail address.';

--
-- Name: COLUMN customer_360_view.phone; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.phone IS 'Phone number as it was typed.';

--
-- Name: COLUMN customer_360_view.customer_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.customer_type IS 'new, repeat, vip, inactive; null before an order.';

--
-- Name: COLUMN customer_360_view.lifecycle_stage; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.lifecycle_stage IS 'prospect, new, active, at_risk or churned.';

--
-- Name: COLUMN customer_360_view.customer_temperature; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.customer_temperature IS 'hot, warm or cold.';

--
-- Name: COLUMN customer_360_view.lifetime_value; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.lifetime_value IS 'Sum of the counted orders, in taka.';

--
-- Name: COLUMN customer_360_view.total_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.total_orders IS 'Counted orders.';

--
-- Name: COLUMN customer_360_view.avg_order_value; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.avg_order_value IS 'Mean amount of a counted order, in taka.';

--
-- Name: COLUMN customer_360_view.last_order_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.last_order_date IS 'Date of the last counted order.';

--
-- Name: COLUMN customer_360_view.days_since_last_order; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.days_since_last_order IS 'Days from it to business_date(); null without an order.';

--
-- Name: COLUMN customer_360_view.family_members_count; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.family_members_count IS 'Family members on record.';

--
-- Name: COLUMN customer_360_view.total_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.total_interactions IS 'Contacts on record, of any channel.';

--
-- Name: COLUMN customer_360_view.preferred_categories; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.preferred_categories IS 'Names of the categories bought most often, the most frequent first.';

--
-- Name: COLUMN customer_360_view.avg_days_between_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.avg_days_between_orders IS 'Mean days between consecutive counted orders; null below two.';

--
-- Name: COLUMN customer_360_view.mobile; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.mobile IS 'Second number, as it was typed.';

--
-- Name: COLUMN customer_360_view.assigned_agent_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.assigned_agent_id IS 'The customer''s own agent.';

--
-- Name: COLUMN customer_360_view.is_active; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.is_active IS 'False: not to be contacted or planned for any more.';

--
-- Name: COLUMN customer_360_view.first_order_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.first_order_date IS 'Date of the first counted order.';

--
-- Name: COLUMN customer_360_view.next_order_expected_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.next_order_expected_on IS 'last_order_date plus the customer''s own rhythm; null below two orders.';

--
-- Name: COLUMN customer_360_view.state_as_of; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_360_view.state_as_of IS 'The business date that type, stage and temperature speak of.';

--
-- Name: customer_behavior_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_behavior ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_behavior_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_consents; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_consents (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    channel text NOT NULL,
    granted boolean NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    recorded_by bigint,
    source text,
    CONSTRAINT customer_consents_channel_known CHECK ((channel = ANY (ARRAY['call'::text, 'sms'::text, 'whatsapp'::text, 'email'::text, 'push'::text])))
);

--
-- Name: TABLE customer_consents; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_consents IS 'What customers allowed and forbade, by channel: append-only, the latest row of a channel holds. Without one, calls are
allowed; a row of channel call with granted false is "do not call".';

--
-- Name: COLUMN customer_consents.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_consents.id IS 'Identity; decides between rows of one instant.';

--
-- Name: COLUMN customer_consents.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_consents.customer_id IS 'Who allowed or forbade it.';

--
-- Name: COLUMN customer_consents.channel; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_consents.channel IS 'call, sms, whatsapp, email or push.';

--
-- Name: COLUMN customer_consents.granted; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_consents.granted IS 'True: allowed; false: forbidden.';

--
-- Name: COLUMN customer_consents.recorded_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_consents.recorded_at IS 'Since when it holds.';

--
-- Name: COLUMN customer_consents.recorded_by; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_consents.recorded_by IS 'The user who recorded it, if any.';

--
-- Name: COLUMN customer_consents.source; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_consents.source IS 'How we know: a call, a form, a STOP by SMS ...';

--
-- Name: customer_consents_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_consents ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_consents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_dropoff_tracking; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_dropoff_tracking (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    last_active_date date NOT NULL,
    days_inactive integer NOT NULL,
    risk_level text NOT NULL,
    reason text,
    recovery_attempted boolean DEFAULT false NOT NULL,
    recovery_successful boolean DEFAULT false NOT NULL,
    opened_on date NOT NULL,
    level_as_of date NOT NULL,
    closed_on date,
    close_reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_dropoff_tracking_close_reason_known CHECK ((close_reason = ANY (ARRAY['order'::text, 'withdrawn'::text]))),
    CONSTRAINT customer_dropoff_tracking_closed_with_reason CHECK (((closed_on IS NULL) = (close_reason IS NULL))),
    CONSTRAINT customer_dropoff_tracking_days_inactive_counted CHECK ((days_inactive = (level_as_of - last_active_date))),
    CONSTRAINT customer_dropoff_tracking_last_active_date_sane CHECK (((last_active_date >= '1900-01-01'::date) AND (last_active_date < '2200-01-01'::date))),
    CONSTRAINT customer_dropoff_tracking_opened_in_order CHECK (((opened_on > last_active_date) AND (level_as_of >= opened_on))),
    CONSTRAINT customer_dropoff_tracking_recovery_by_order CHECK (((NOT recovery_successful) OR (recovery_attempted AND (close_reason = 'order'::text)))),
    CONSTRAINT customer_dropoff_tracking_risk_level_known CHECK ((risk_level = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'critical'::text])))
)
WITH (fillfactor='80');

--
-- Name: TABLE customer_dropoff_tracking; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_dropoff_tracking IS 'Episodes of silence: one row a customer and last order, opened and raised by detect_dropoffs(), closed by the next
counted order in that order''s transaction. Rows are written when the level changes, not daily.';

--
-- Name: COLUMN customer_dropoff_tracking.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.id IS 'Identity of the episode.';

--
-- Name: COLUMN customer_dropoff_tracking.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.customer_id IS 'Who has fallen silent; goes with the customer.';

--
-- Name: COLUMN customer_dropoff_tracking.last_active_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.last_active_date IS 'Date of the last counted order before it.';

--
-- Name: COLUMN customer_dropoff_tracking.days_inactive; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.days_inactive IS 'Days without an order on level_as_of; for today''s figure count from last_active_date.';

--
-- Name: COLUMN customer_dropoff_tracking.risk_level; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.risk_level IS 'low, medium, high or critical, as of level_as_of.';

--
-- Name: COLUMN customer_dropoff_tracking.reason; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.reason IS 'The threshold that gave the level, in words.';

--
-- Name: COLUMN customer_dropoff_tracking.recovery_attempted; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.recovery_attempted IS 'True once a call or message went out during the episode.';

--
-- Name: COLUMN customer_dropoff_tracking.recovery_successful; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.recovery_successful IS 'True when an order closed the episode after an attempt.';

--
-- Name: COLUMN customer_dropoff_tracking.opened_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.opened_on IS 'The date its first threshold fell on.';

--
-- Name: COLUMN customer_dropoff_tracking.level_as_of; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.level_as_of IS 'The date the threshold of its level fell on.';

--
-- Name: COLUMN customer_dropoff_tracking.closed_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.closed_on IS 'The date it ended; null while it lasts.';

--
-- Name: COLUMN customer_dropoff_tracking.close_reason; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.close_reason IS 'order: the customer bought again; withdrawn: the order it counts from no longer counts.';

--
-- Name: COLUMN customer_dropoff_tracking.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_dropoff_tracking.created_at IS 'When the row was made.';

--
-- Name: customer_dropoff_tracking_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_dropoff_tracking ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_dropoff_tracking_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_event_days; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_event_days (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    family_member_id bigint,
    kind text NOT NULL,
    occurred_on date NOT NULL,
    month_day smallint GENERATED ALWAYS AS ((((EXTRACT(month FROM occurred_on) * (100)::numeric) + EXTRACT(day FROM occurred_on)))::smallint) STORED NOT NULL,
    CONSTRAINT customer_event_days_kind_known CHECK ((kind = ANY (ARRAY['birthday'::text, 'anniversary'::text])))
);

--
-- Name: TABLE customer_event_days; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_event_days IS 'The birthdays and anniversaries of customers and their families, found by the day of the year; kept by triggers.';

--
-- Name: COLUMN customer_event_days.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_event_days.id IS 'Identity of the row.';

--
-- Name: COLUMN customer_event_days.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_event_days.customer_id IS 'The customer, or whose family it is.';

--
-- Name: COLUMN customer_event_days.family_member_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_event_days.family_member_id IS 'The family member; null for the customer''s own.';

--
-- Name: COLUMN customer_event_days.kind; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_event_days.kind IS 'birthday or anniversary.';

--
-- Name: COLUMN customer_event_days.occurred_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_event_days.occurred_on IS 'Date of birth, or of the wedding.';

--
-- Name: COLUMN customer_event_days.month_day; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_event_days.month_day IS 'Month * 100 + day: 229 is 29 February.';

--
-- Name: customer_event_days_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_event_days ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_event_days_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_family_members_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_family_members ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_family_members_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_intelligence; Type: VIEW; Schema: trustcart; Owner: -
--

CREATE VIEW trustcart.customer_intelligence WITH (security_invoker='true') AS
 SELECT id AS customer_id,
    NULLIF(concat_ws(' '::text, first_name, last_name), ''::text) AS customer_name,
    customer_type,
    lifecycle_stage,
    total_spend,
    trustcart.recommended_action_of(lifecycle_stage, customer_type) AS recommended_action,
        CASE
            WHEN (customer_type = 'vip'::text) THEN 'hot'::text
            WHEN (lifecycle_stage = 'at_risk'::text) THEN 'warm'::text
            ELSE 'cold'::text
        END AS call_priority
   FROM trustcart.customers c;

--
-- Name: VIEW customer_intelligence; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON VIEW trustcart.customer_intelligence IS 'What to do about each customer, and how urgently to call (guide: "customer_intelligence").';

--
-- Name: COLUMN customer_intelligence.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_intelligence.customer_id IS 'Identity of the customer.';

--
-- Name: COLUMN customer_intelligence.customer_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_intelligence.customer_name IS 'First and last name, or the one that is known.';

--
-- Name: COLUMN customer_intelligence.customer_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_intelligence.customer_type IS 'new, repeat, vip or inactive; null for a prospect.';

--
-- Name: COLUMN customer_intelligence.lifecycle_stage; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_intelligence.lifecycle_stage IS 'prospect, new, active, at_risk or churned.';

--
-- Name: COLUMN customer_intelligence.total_spend; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_intelligence.total_spend IS 'Sum of the counted orders, in taka.';

--
-- Name: COLUMN customer_intelligence.recommended_action; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_intelligence.recommended_action IS 'Send discount offer (at risk), Personal call from manager (vip), Welcome gift voucher (new) or Regular follow-up.';

--
-- Name: COLUMN customer_intelligence.call_priority; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_intelligence.call_priority IS 'hot (vip), warm (at risk) or cold.';

--
-- Name: customer_interactions_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_interactions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_interactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_phone_flags; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.customer_phone_flags (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    phone text NOT NULL,
    flag text DEFAULT 'wrong_number'::text NOT NULL,
    flagged_at timestamp with time zone DEFAULT now() NOT NULL,
    task_id bigint,
    cleared_at timestamp with time zone,
    CONSTRAINT customer_phone_flags_cleared_later CHECK ((cleared_at >= flagged_at)),
    CONSTRAINT customer_phone_flags_flag_known CHECK ((flag = 'wrong_number'::text))
);

--
-- Name: TABLE customer_phone_flags; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.customer_phone_flags IS 'Numbers that turned out not to be the customer''s. A flag holds for the number, not the customer: a new number is
free.';

--
-- Name: COLUMN customer_phone_flags.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_phone_flags.id IS 'Identity of the flag.';

--
-- Name: COLUMN customer_phone_flags.customer_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_phone_flags.customer_id IS 'In whose record the number stood; goes with the customer.';

--
-- Name: COLUMN customer_phone_flags.phone; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_phone_flags.phone IS 'The number in E.164; as typed, where it cannot be read as one.';

--
-- Name: COLUMN customer_phone_flags.flag; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_phone_flags.flag IS 'wrong_number.';

--
-- Name: COLUMN customer_phone_flags.flagged_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_phone_flags.flagged_at IS 'Since when.';

--
-- Name: COLUMN customer_phone_flags.task_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_phone_flags.task_id IS 'The call that found it out, if any.';

--
-- Name: COLUMN customer_phone_flags.cleared_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.customer_phone_flags.cleared_at IS 'When it turned out to be right after all.';

--
-- Name: customer_phone_flags_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_phone_flags ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_phone_flags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customer_state_changes_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customer_state_changes ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customer_state_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: customers_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.customers ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.customers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: job_runs; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.job_runs (
    id bigint NOT NULL,
    job_name text NOT NULL,
    business_date date NOT NULL,
    status text DEFAULT 'started'::text NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    finished_at timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    result jsonb,
    error_sqlstate text,
    error_message text,
    backend_pid integer DEFAULT pg_backend_pid() NOT NULL,
    started_by text DEFAULT SESSION_USER NOT NULL,
    CONSTRAINT job_runs_error_when_failed CHECK (((status = 'failed'::text) = (error_sqlstate IS NOT NULL))),
    CONSTRAINT job_runs_finished_unless_started CHECK (((status = 'started'::text) = (finished_at IS NULL))),
    CONSTRAINT job_runs_status_known CHECK ((status = ANY (ARRAY['started'::text, 'succeeded'::text, 'failed'::text, 'killed'::text])))
);

--
-- Name: TABLE job_runs; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.job_runs IS 'Every run of a job, those that failed or were killed included.';

--
-- Name: COLUMN job_runs.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.id IS 'Identity of the run.';

--
-- Name: COLUMN job_runs.job_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.job_name IS 'Which job.';

--
-- Name: COLUMN job_runs.business_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.business_date IS 'The business date it ran for.';

--
-- Name: COLUMN job_runs.status; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.status IS 'started, succeeded, failed, or killed (found unfinished with nobody running it any more).';

--
-- Name: COLUMN job_runs.started_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.started_at IS 'When it began.';

--
-- Name: COLUMN job_runs.finished_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.finished_at IS 'When it ended; null while it runs.';

--
-- Name: COLUMN job_runs.attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.attempts IS 'Tries within the run; more than one after a deadlock.';

--
-- Name: COLUMN job_runs.result; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.result IS 'What the job reported.';

--
-- Name: COLUMN job_runs.error_sqlstate; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.error_sqlstate IS 'SQLSTATE of the failure.';

--
-- Name: COLUMN job_runs.error_message; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.error_message IS 'Message of the failure, with its hint.';

--
-- Name: COLUMN job_runs.backend_pid; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.backend_pid IS 'Process of the server that ran it.';

--
-- Name: COLUMN job_runs.started_by; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_runs.started_by IS 'Login role that started it.';

--
-- Name: job_runs_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.job_runs ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.job_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: job_schedules; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.job_schedules (
    job_name text NOT NULL,
    run_order smallint NOT NULL,
    run_at time without time zone NOT NULL,
    is_enabled boolean DEFAULT true NOT NULL,
    max_attempts smallint DEFAULT 3 NOT NULL,
    description text NOT NULL,
    CONSTRAINT job_schedules_job_name_word CHECK ((job_name ~ '^[a-z][a-z0-9_]*$'::text)),
    CONSTRAINT job_schedules_max_attempts_positive CHECK (((max_attempts >= 1) AND (max_attempts <= 100)))
);

--
-- Name: TABLE job_schedules; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.job_schedules IS 'The daily jobs in the order they run; each is a function trustcart.<job_name>(date) returning jsonb.';

--
-- Name: COLUMN job_schedules.job_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_schedules.job_name IS 'Name of the job and of its function.';

--
-- Name: COLUMN job_schedules.run_order; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_schedules.run_order IS 'Order of the jobs within a day.';

--
-- Name: COLUMN job_schedules.run_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_schedules.run_at IS 'Time of day from which it is due, in the business time zone.';

--
-- Name: COLUMN job_schedules.is_enabled; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_schedules.is_enabled IS 'False: run_due_jobs() passes it over.';

--
-- Name: COLUMN job_schedules.max_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_schedules.max_attempts IS 'How often run_due_jobs() tries it for one date.';

--
-- Name: COLUMN job_schedules.description; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.job_schedules.description IS 'What it does.';

--
-- Name: products; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.products (
    id bigint NOT NULL,
    name text NOT NULL,
    sku text,
    category_id bigint,
    price numeric(12,2),
    stock_quantity integer,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT products_name_given CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT products_price_sane CHECK (((price >= (0)::numeric) AND (price < '10000000000'::numeric)))
);

--
-- Name: TABLE products; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.products IS 'What the shop sells.';

--
-- Name: COLUMN products.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.id IS 'Identity of the product.';

--
-- Name: COLUMN products.name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.name IS 'Name as shown to customers.';

--
-- Name: COLUMN products.sku; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.sku IS 'Stock keeping unit, where the shop uses one.';

--
-- Name: COLUMN products.category_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.category_id IS 'The category it belongs to.';

--
-- Name: COLUMN products.price; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.price IS 'List price, in taka.';

--
-- Name: COLUMN products.stock_quantity; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.stock_quantity IS 'Units in stock; null where stock is not counted.';

--
-- Name: COLUMN products.is_active; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.is_active IS 'False once it is no longer sold.';

--
-- Name: COLUMN products.created_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.created_at IS 'When the row was made.';

--
-- Name: COLUMN products.updated_at; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.products.updated_at IS 'When the row was last changed; kept by a trigger.';

--
-- Name: products_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.products ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.products_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: sales_order_items; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.sales_order_items (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    product_id bigint,
    product_name text,
    quantity numeric(12,3) DEFAULT 1 NOT NULL,
    unit_price numeric(12,2),
    line_total numeric(12,2),
    CONSTRAINT sales_order_items_line_total_sane CHECK (((line_total >= (0)::numeric) AND (line_total < '10000000000'::numeric))),
    CONSTRAINT sales_order_items_quantity_positive CHECK (((quantity > (0)::numeric) AND (quantity < '100000000'::numeric))),
    CONSTRAINT sales_order_items_unit_price_sane CHECK (((unit_price >= (0)::numeric) AND (unit_price < '10000000000'::numeric)))
);

--
-- Name: TABLE sales_order_items; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.sales_order_items IS 'The lines of an order. They tell what a customer likes; the money of an order is sales_orders.total_amount.';

--
-- Name: COLUMN sales_order_items.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_order_items.id IS 'Identity of the line.';

--
-- Name: COLUMN sales_order_items.order_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_order_items.order_id IS 'The order it belongs to; goes with it.';

--
-- Name: COLUMN sales_order_items.product_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_order_items.product_id IS 'The product; null when it is no longer known.';

--
-- Name: COLUMN sales_order_items.product_name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_order_items.product_name IS 'Name of the product when it was sold.';

--
-- Name: COLUMN sales_order_items.quantity; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_order_items.quantity IS 'How many were bought.';

--
-- Name: COLUMN sales_order_items.unit_price; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_order_items.unit_price IS 'Price of one, in taka.';

--
-- Name: COLUMN sales_order_items.line_total; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.sales_order_items.line_total IS 'What the line comes to, in taka.';

--
-- Name: sales_order_items_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.sales_order_items ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.sales_order_items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: sales_orders_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.sales_orders ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.sales_orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: shop_holidays; Type: TABLE; Schema: trustcart; Owner: -
--

CREATE TABLE trustcart.shop_holidays (
    holiday_on date NOT NULL,
    name text NOT NULL,
    CONSTRAINT shop_holidays_holiday_on_sane CHECK (((holiday_on >= '1900-01-01'::date) AND (holiday_on < '2200-01-01'::date))),
    CONSTRAINT shop_holidays_name_given CHECK ((btrim(name) <> ''::text))
);

--
-- Name: TABLE shop_holidays; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TABLE trustcart.shop_holidays IS 'Days on which nobody works: no calls are planned, and none are due.';

--
-- Name: COLUMN shop_holidays.holiday_on; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.shop_holidays.holiday_on IS 'The day.';

--
-- Name: COLUMN shop_holidays.name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.shop_holidays.name IS 'What is celebrated.';

--
-- Name: upcoming_birthdays_anniversaries; Type: VIEW; Schema: trustcart; Owner: -
--

CREATE VIEW trustcart.upcoming_birthdays_anniversaries WITH (security_invoker='true') AS
 SELECT e.customer_id AS id,
    e.name,
    e.email,
    e.phone,
        CASE
            WHEN (e.family_member_id IS NULL) THEN c.date_of_birth
            ELSE f.date_of_birth
        END AS date_of_birth,
        CASE
            WHEN (e.family_member_id IS NULL) THEN c.anniversary_date
            ELSE f.anniversary_date
        END AS anniversary_date,
    e.event_type,
    e.event_date,
    e.days_until,
    e.family_member_id
   FROM ((trustcart.upcoming_events(30) e(customer_id, name, email, phone, event_type, event_date, days_until, family_member_id)
     JOIN trustcart.customers c ON ((e.customer_id = c.id)))
     LEFT JOIN trustcart.customer_family_members f ON ((e.family_member_id = f.id)));

--
-- Name: VIEW upcoming_birthdays_anniversaries; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON VIEW trustcart.upcoming_birthdays_anniversaries IS 'Birthdays and wedding anniversaries of the next 30 days (guide: "upcoming_birthdays_anniversaries"), of customers and
their families; upcoming_events() gives any other window.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.id IS 'The customer, or whose family it is.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.name; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.name IS 'Whose day it is.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.email; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.email IS 'E-mail address of the customer.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.phone; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.phone IS 'Phone number of the customer, as it was typed.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.date_of_birth; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.date_of_birth IS 'Date of birth of the one named.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.anniversary_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.anniversary_date IS 'Wedding date of the one named.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.event_type; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.event_type IS 'birthday, anniversary, family_birthday or family_anniversary.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.event_date; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.event_date IS 'The day it falls on.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.days_until; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.days_until IS 'Days from business_date() to it.';

--
-- Name: COLUMN upcoming_birthdays_anniversaries.family_member_id; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON COLUMN trustcart.upcoming_birthdays_anniversaries.family_member_id IS 'The family member; null for the customer''s own.';

--
-- Name: users_id_seq; Type: SEQUENCE; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME trustcart.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: bundle_objects; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE TABLE trustcart_private.bundle_objects (
    path text NOT NULL,
    object_kind text NOT NULL,
    object_identities text[] NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT bundle_objects_kind CHECK ((object_kind = ANY (ARRAY['roles'::text, 'function'::text, 'view'::text, 'trigger'::text, 'policy'::text, 'grants'::text])))
);

--
-- Name: TABLE bundle_objects; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.bundle_objects IS 'One row per file of sql/ that stands applied: how migrate knows what changed, what is missing and what to drop.';

--
-- Name: COLUMN bundle_objects.path; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.bundle_objects.path IS 'The file, relative to the package''s root.';

--
-- Name: COLUMN bundle_objects.object_kind; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.bundle_objects.object_kind IS 'What the file makes.';

--
-- Name: COLUMN bundle_objects.object_identities; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.bundle_objects.object_identities IS 'The objects as the catalogue names them: schema.function(argument types), schema.view, trigger on schema.table.';

--
-- Name: COLUMN bundle_objects.sha256; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.bundle_objects.sha256 IS 'SHA-256 of the file as applied. Empty for grants that are due again because an object was made since.';

--
-- Name: COLUMN bundle_objects.applied_at; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.bundle_objects.applied_at IS 'When it was last applied.';

--
-- Name: customer_state_clock; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE TABLE trustcart_private.customer_state_clock (
    id boolean DEFAULT true NOT NULL,
    as_of date,
    thresholds jsonb,
    dropoffs_as_of date,
    CONSTRAINT customer_state_clock_one_row CHECK (id)
);

--
-- Name: TABLE customer_state_clock; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.customer_state_clock IS 'How far the daily jobs have come and with which thresholds, one row.';

--
-- Name: COLUMN customer_state_clock.id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.customer_state_clock.id IS 'Always true: there is one row.';

--
-- Name: COLUMN customer_state_clock.as_of; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.customer_state_clock.as_of IS 'The latest date refresh_customer_state() was run for; null before its first run.';

--
-- Name: COLUMN customer_state_clock.thresholds; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.customer_state_clock.thresholds IS 'The settings row as that run saw it; when it differs from today''s, every customer is looked at again.';

--
-- Name: COLUMN customer_state_clock.dropoffs_as_of; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.customer_state_clock.dropoffs_as_of IS 'The latest date detect_dropoffs() was run for; null before its first run.';

--
-- Name: installation; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE TABLE trustcart_private.installation (
    id boolean DEFAULT true NOT NULL,
    version text NOT NULL,
    bundle_sha256 text NOT NULL,
    migrated_at timestamp with time zone NOT NULL,
    migrated_by text NOT NULL,
    CONSTRAINT installation_one_row CHECK (id)
);

--
-- Name: TABLE installation; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.installation IS 'One row: which version of trustcart-db last migrated this database. Absent while a migrate has never completed.';

--
-- Name: COLUMN installation.id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.installation.id IS 'Always true, so that there is one row at most.';

--
-- Name: COLUMN installation.version; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.installation.version IS 'Version of the package; older ones refuse to migrate.';

--
-- Name: COLUMN installation.bundle_sha256; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.installation.bundle_sha256 IS 'SHA-256 over all files of sql/, paths included.';

--
-- Name: COLUMN installation.migrated_at; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.installation.migrated_at IS 'When a migrate last changed something.';

--
-- Name: COLUMN installation.migrated_by; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.installation.migrated_by IS 'The role that ran it.';

--
-- Name: phone_book; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE TABLE trustcart_private.phone_book (
    phone_e164 text NOT NULL,
    customer_id bigint NOT NULL,
    family_member_id bigint,
    kind text NOT NULL,
    CONSTRAINT phone_book_kind_known CHECK ((kind = ANY (ARRAY['phone'::text, 'mobile'::text])))
);

--
-- Name: TABLE phone_book; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.phone_book IS 'Whose number is whose, for find_caller(); kept by triggers. An index on customers would be written by every order.';

--
-- Name: COLUMN phone_book.phone_e164; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.phone_book.phone_e164 IS 'The number in E.164.';

--
-- Name: COLUMN phone_book.customer_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.phone_book.customer_id IS 'The customer, or whose family it is.';

--
-- Name: COLUMN phone_book.family_member_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.phone_book.family_member_id IS 'The family member; null for the customer''s own.';

--
-- Name: COLUMN phone_book.kind; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.phone_book.kind IS 'phone or mobile.';

--
-- Name: simulated_candidates; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE UNLOGGED TABLE trustcart_private.simulated_candidates (
    simulation bigint NOT NULL,
    customer_id bigint NOT NULL,
    dropped_on date,
    waiting_since date
);

--
-- Name: TABLE simulated_candidates; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.simulated_candidates IS 'Customers whom a simulation of backtest_call_plan() did not call on some day; removed with its calls.';

--
-- Name: COLUMN simulated_candidates.simulation; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_candidates.simulation IS 'Which run.';

--
-- Name: COLUMN simulated_candidates.customer_id; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_candidates.customer_id IS 'Who.';

--
-- Name: COLUMN simulated_candidates.dropped_on; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_candidates.dropped_on IS 'The first such day; null: waiting for a place since before the run.';

--
-- Name: COLUMN simulated_candidates.waiting_since; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_candidates.waiting_since IS 'The first day without a place, until called or no longer due: call_waiting_list of the simulation.';

--
-- Name: simulated_drops; Type: TABLE; Schema: trustcart_private; Owner: -
--

CREATE UNLOGGED TABLE trustcart_private.simulated_drops (
    simulation bigint NOT NULL,
    dropped_on date NOT NULL,
    task_type text NOT NULL,
    reason text NOT NULL,
    customers bigint NOT NULL,
    ordered bigint NOT NULL
);

--
-- Name: TABLE simulated_drops; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON TABLE trustcart_private.simulated_drops IS 'How many customers a simulation of backtest_call_plan() did not call, by day and reason; removed with its calls.';

--
-- Name: COLUMN simulated_drops.simulation; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_drops.simulation IS 'Which run.';

--
-- Name: COLUMN simulated_drops.dropped_on; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_drops.dropped_on IS 'The day.';

--
-- Name: COLUMN simulated_drops.task_type; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_drops.task_type IS 'What they would have been called for.';

--
-- Name: COLUMN simulated_drops.reason; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_drops.reason IS 'Why not, as drop_reason() has it.';

--
-- Name: COLUMN simulated_drops.customers; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_drops.customers IS 'How many.';

--
-- Name: COLUMN simulated_drops.ordered; Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON COLUMN trustcart_private.simulated_drops.ordered IS 'Of them, who ordered on one of the 30 days that followed.';

--
-- Name: agent_days agent_days_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_days
    ADD CONSTRAINT agent_days_pkey PRIMARY KEY (agent_id, work_date);

--
-- Name: agent_languages agent_languages_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_languages
    ADD CONSTRAINT agent_languages_pkey PRIMARY KEY (agent_id, language);

--
-- Name: agent_leave agent_leave_no_overlap; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_leave
    ADD CONSTRAINT agent_leave_no_overlap EXCLUDE USING gist (int8range(agent_id, agent_id, '[]'::text) WITH &&, during WITH &&);

--
-- Name: agent_leave agent_leave_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_leave
    ADD CONSTRAINT agent_leave_pkey PRIMARY KEY (id);

--
-- Name: agent_skills agent_skills_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_skills
    ADD CONSTRAINT agent_skills_pkey PRIMARY KEY (agent_id, skill);

--
-- Name: agent_working_hours agent_working_hours_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_working_hours
    ADD CONSTRAINT agent_working_hours_pkey PRIMARY KEY (agent_id, weekday);

--
-- Name: call_outcomes call_outcomes_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_outcomes
    ADD CONSTRAINT call_outcomes_pkey PRIMARY KEY (outcome);

--
-- Name: call_scripts call_scripts_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_scripts
    ADD CONSTRAINT call_scripts_pkey PRIMARY KEY (id);

--
-- Name: call_scripts call_scripts_rank_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_scripts
    ADD CONSTRAINT call_scripts_rank_key UNIQUE (rank);

--
-- Name: call_task_types call_task_types_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_task_types
    ADD CONSTRAINT call_task_types_pkey PRIMARY KEY (task_type);

--
-- Name: call_task_types call_task_types_rank_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_task_types
    ADD CONSTRAINT call_task_types_rank_key UNIQUE (rank);

--
-- Name: call_waiting_list call_waiting_list_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_waiting_list
    ADD CONSTRAINT call_waiting_list_pkey PRIMARY KEY (customer_id, waiting_since);

--
-- Name: carts carts_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.carts
    ADD CONSTRAINT carts_pkey PRIMARY KEY (id);

--
-- Name: categories categories_name_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.categories
    ADD CONSTRAINT categories_name_key UNIQUE (name);

--
-- Name: categories categories_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);

--
-- Name: crm_call_attempts crm_call_attempts_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_attempts
    ADD CONSTRAINT crm_call_attempts_pkey PRIMARY KEY (id, attempted_at);

--
-- Name: crm_call_task_assignments crm_call_task_assignments_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_task_assignments
    ADD CONSTRAINT crm_call_task_assignments_pkey PRIMARY KEY (id);

--
-- Name: crm_call_tasks crm_call_tasks_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_tasks
    ADD CONSTRAINT crm_call_tasks_pkey PRIMARY KEY (id);

--
-- Name: customer_behavior customer_behavior_customer_id_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_behavior
    ADD CONSTRAINT customer_behavior_customer_id_key UNIQUE (customer_id);

--
-- Name: customer_behavior customer_behavior_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_behavior
    ADD CONSTRAINT customer_behavior_pkey PRIMARY KEY (id);

--
-- Name: customer_consents customer_consents_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_consents
    ADD CONSTRAINT customer_consents_pkey PRIMARY KEY (id);

--
-- Name: customer_contact_preferences customer_contact_preferences_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_contact_preferences
    ADD CONSTRAINT customer_contact_preferences_pkey PRIMARY KEY (customer_id);

--
-- Name: customer_dropoff_tracking customer_dropoff_tracking_episode_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_dropoff_tracking
    ADD CONSTRAINT customer_dropoff_tracking_episode_key UNIQUE (customer_id, last_active_date);

--
-- Name: customer_dropoff_tracking customer_dropoff_tracking_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_dropoff_tracking
    ADD CONSTRAINT customer_dropoff_tracking_pkey PRIMARY KEY (id);

--
-- Name: customer_event_days customer_event_days_event_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_event_days
    ADD CONSTRAINT customer_event_days_event_key UNIQUE NULLS NOT DISTINCT (customer_id, family_member_id, kind);

--
-- Name: customer_event_days customer_event_days_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_event_days
    ADD CONSTRAINT customer_event_days_pkey PRIMARY KEY (id);

--
-- Name: customer_family_members customer_family_members_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_family_members
    ADD CONSTRAINT customer_family_members_pkey PRIMARY KEY (id);

--
-- Name: customer_interactions customer_interactions_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_interactions
    ADD CONSTRAINT customer_interactions_pkey PRIMARY KEY (id);

--
-- Name: customer_phone_flags customer_phone_flags_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_phone_flags
    ADD CONSTRAINT customer_phone_flags_pkey PRIMARY KEY (id);

--
-- Name: customer_state_changes customer_state_changes_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_state_changes
    ADD CONSTRAINT customer_state_changes_pkey PRIMARY KEY (id);

--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);

--
-- Name: job_runs job_runs_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (id);

--
-- Name: job_schedules job_schedules_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.job_schedules
    ADD CONSTRAINT job_schedules_pkey PRIMARY KEY (job_name);

--
-- Name: job_schedules job_schedules_run_order_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.job_schedules
    ADD CONSTRAINT job_schedules_run_order_key UNIQUE (run_order);

--
-- Name: order_statuses order_statuses_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.order_statuses
    ADD CONSTRAINT order_statuses_pkey PRIMARY KEY (status);

--
-- Name: products products_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

--
-- Name: products products_sku_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.products
    ADD CONSTRAINT products_sku_key UNIQUE (sku);

--
-- Name: sales_order_items sales_order_items_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.sales_order_items
    ADD CONSTRAINT sales_order_items_pkey PRIMARY KEY (id);

--
-- Name: sales_orders sales_orders_order_number_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.sales_orders
    ADD CONSTRAINT sales_orders_order_number_key UNIQUE (order_number);

--
-- Name: sales_orders sales_orders_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.sales_orders
    ADD CONSTRAINT sales_orders_pkey PRIMARY KEY (id);

--
-- Name: settings settings_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (id);

--
-- Name: shop_holidays shop_holidays_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.shop_holidays
    ADD CONSTRAINT shop_holidays_pkey PRIMARY KEY (holiday_on);

--
-- Name: users users_db_role_key; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.users
    ADD CONSTRAINT users_db_role_key UNIQUE (db_role);

--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

--
-- Name: bundle_objects bundle_objects_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.bundle_objects
    ADD CONSTRAINT bundle_objects_pkey PRIMARY KEY (path);

--
-- Name: call_requests call_requests_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.call_requests
    ADD CONSTRAINT call_requests_pkey PRIMARY KEY (request_id);

--
-- Name: contact_days contact_days_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.contact_days
    ADD CONSTRAINT contact_days_pkey PRIMARY KEY (customer_id, contacted_on, channel);

--
-- Name: customer_state_clock customer_state_clock_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.customer_state_clock
    ADD CONSTRAINT customer_state_clock_pkey PRIMARY KEY (id);

--
-- Name: installation installation_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (id);

--
-- Name: phone_book phone_book_entry_key; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.phone_book
    ADD CONSTRAINT phone_book_entry_key UNIQUE NULLS NOT DISTINCT (customer_id, family_member_id, kind);

--
-- Name: simulated_calls simulated_calls_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.simulated_calls
    ADD CONSTRAINT simulated_calls_pkey PRIMARY KEY (simulation, customer_id, called_on);

--
-- Name: simulated_candidates simulated_candidates_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.simulated_candidates
    ADD CONSTRAINT simulated_candidates_pkey PRIMARY KEY (simulation, customer_id);

--
-- Name: simulated_drops simulated_drops_pkey; Type: CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.simulated_drops
    ADD CONSTRAINT simulated_drops_pkey PRIMARY KEY (simulation, dropped_on, task_type, reason);

--
-- Name: agent_leave_agent_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX agent_leave_agent_id_idx ON trustcart.agent_leave USING btree (agent_id);

--
-- Name: call_scripts_task_type_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX call_scripts_task_type_idx ON trustcart.call_scripts USING btree (task_type);

--
-- Name: call_waiting_list_open_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX call_waiting_list_open_key ON trustcart.call_waiting_list USING btree (customer_id) WHERE (ended_on IS NULL);

--
-- Name: carts_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX carts_customer_id_idx ON trustcart.carts USING btree (customer_id, last_active_at);

--
-- Name: carts_open_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX carts_open_idx ON trustcart.carts USING btree (last_active_at) WHERE ((order_id IS NULL) AND (abandoned_at IS NULL));

--
-- Name: carts_order_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX carts_order_id_idx ON trustcart.carts USING btree (order_id) WHERE (order_id IS NOT NULL);

--
-- Name: categories_parent_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX categories_parent_id_idx ON trustcart.categories USING btree (parent_id);

--
-- Name: crm_call_attempts_agent_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_attempts_agent_id_idx ON ONLY trustcart.crm_call_attempts USING btree (agent_id, attempted_at);

--
-- Name: crm_call_attempts_asks_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_attempts_asks_idx ON ONLY trustcart.crm_call_attempts USING btree (customer_id, attempted_at) WHERE ((due_at IS NOT NULL) OR trustcart_private.asks_follow_up(outcome));

--
-- Name: crm_call_attempts_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_attempts_customer_id_idx ON ONLY trustcart.crm_call_attempts USING btree (customer_id, attempted_at);

--
-- Name: crm_call_attempts_task_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_attempts_task_id_idx ON ONLY trustcart.crm_call_attempts USING btree (task_id);

--
-- Name: crm_call_task_assignments_from_agent_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_task_assignments_from_agent_id_idx ON trustcart.crm_call_task_assignments USING btree (from_agent_id);

--
-- Name: crm_call_task_assignments_task_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_task_assignments_task_id_idx ON trustcart.crm_call_task_assignments USING btree (task_id, id);

--
-- Name: crm_call_task_assignments_to_agent_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_task_assignments_to_agent_id_idx ON trustcart.crm_call_task_assignments USING btree (to_agent_id);

--
-- Name: crm_call_tasks_callbacks_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_callbacks_idx ON trustcart.crm_call_tasks USING btree (task_date, assigned_agent_id, due_at) WHERE ((status = 'pending'::text) AND (due_at IS NOT NULL));

--
-- Name: crm_call_tasks_claimable_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_claimable_idx ON trustcart.crm_call_tasks USING btree (task_date, assigned_agent_id, priority_rank, list_position NULLS FIRST, id) WHERE ((status = 'pending'::text) AND (claimed_at IS NULL) AND (due_at IS NULL));

--
-- Name: crm_call_tasks_claimed_by_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_claimed_by_idx ON trustcart.crm_call_tasks USING btree (claimed_by, task_date) WHERE (claimed_by IS NOT NULL);

--
-- Name: crm_call_tasks_claimed_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_claimed_idx ON trustcart.crm_call_tasks USING btree (task_date, claimed_at) WHERE ((status = 'pending'::text) AND (claimed_at IS NOT NULL));

--
-- Name: crm_call_tasks_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_customer_id_idx ON trustcart.crm_call_tasks USING btree (customer_id, completed_at);

--
-- Name: crm_call_tasks_generated_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX crm_call_tasks_generated_key ON trustcart.crm_call_tasks USING btree (customer_id, task_date) WHERE (source = 'generated'::text);

--
-- Name: crm_call_tasks_open_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_open_idx ON trustcart.crm_call_tasks USING btree (task_date) WHERE (status = 'pending'::text);

--
-- Name: crm_call_tasks_pending_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_pending_idx ON trustcart.crm_call_tasks USING btree (customer_id) WHERE (status = 'pending'::text);

--
-- Name: crm_call_tasks_predecessor_id_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX crm_call_tasks_predecessor_id_key ON trustcart.crm_call_tasks USING btree (predecessor_id) WHERE (predecessor_id IS NOT NULL);

--
-- Name: crm_call_tasks_task_type_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_task_type_idx ON trustcart.crm_call_tasks USING btree (task_type);

--
-- Name: customer_behavior_refresh_due_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_behavior_refresh_due_idx ON trustcart.customer_behavior USING btree (customer_id) WHERE refresh_due;

--
-- Name: customer_consents_call_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_consents_call_idx ON trustcart.customer_consents USING btree (customer_id, recorded_at DESC, id DESC) INCLUDE (granted) WHERE (channel = 'call'::text);

--
-- Name: customer_consents_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_consents_customer_id_idx ON trustcart.customer_consents USING btree (customer_id, channel, recorded_at DESC, id DESC);

--
-- Name: customer_consents_recorded_by_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_consents_recorded_by_idx ON trustcart.customer_consents USING btree (recorded_by) WHERE (recorded_by IS NOT NULL);

--
-- Name: customer_dropoff_tracking_open_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_dropoff_tracking_open_idx ON trustcart.customer_dropoff_tracking USING btree (risk_level, last_active_date) WHERE (closed_on IS NULL);

--
-- Name: customer_event_days_family_member_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_event_days_family_member_id_idx ON trustcart.customer_event_days USING btree (family_member_id) WHERE (family_member_id IS NOT NULL);

--
-- Name: customer_event_days_month_day_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_event_days_month_day_idx ON trustcart.customer_event_days USING btree (month_day);

--
-- Name: customer_family_members_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_family_members_customer_id_idx ON trustcart.customer_family_members USING btree (customer_id);

--
-- Name: customer_interactions_agent_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_interactions_agent_id_idx ON trustcart.customer_interactions USING btree (agent_id, interaction_date);

--
-- Name: customer_interactions_asks_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_interactions_asks_idx ON trustcart.customer_interactions USING btree (customer_id, interaction_date) WHERE ((follow_up_date IS NOT NULL) OR trustcart_private.asks_follow_up(outcome));

--
-- Name: customer_interactions_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_interactions_customer_id_idx ON trustcart.customer_interactions USING btree (customer_id, interaction_date) INCLUDE (interaction_type, direction);

--
-- Name: customer_interactions_outcome_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_interactions_outcome_idx ON trustcart.customer_interactions USING btree (trustcart_private.outcome_word(outcome), interaction_date) INCLUDE (customer_id) WHERE ((outcome IS NOT NULL) AND (NOT trustcart_private.is_successful_outcome(outcome)));

--
-- Name: customer_interactions_task_id_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX customer_interactions_task_id_key ON trustcart.customer_interactions USING btree (task_id) WHERE (task_id IS NOT NULL);

--
-- Name: customer_phone_flags_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_phone_flags_customer_id_idx ON trustcart.customer_phone_flags USING btree (customer_id);

--
-- Name: customer_phone_flags_open_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX customer_phone_flags_open_key ON trustcart.customer_phone_flags USING btree (customer_id, phone) WHERE (cleared_at IS NULL);

--
-- Name: customer_phone_flags_task_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_phone_flags_task_id_idx ON trustcart.customer_phone_flags USING btree (task_id) WHERE (task_id IS NOT NULL);

--
-- Name: customer_state_changes_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customer_state_changes_customer_id_idx ON trustcart.customer_state_changes USING btree (customer_id, business_date);

--
-- Name: customers_assigned_agent_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customers_assigned_agent_id_idx ON trustcart.customers USING btree (assigned_agent_id) WHERE (assigned_agent_id IS NOT NULL);

--
-- Name: customers_state_valid_until_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customers_state_valid_until_idx ON trustcart.customers USING btree (state_valid_until) WHERE (state_valid_until IS NOT NULL);

--
-- Name: customers_total_spend_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX customers_total_spend_idx ON trustcart.customers USING btree (total_spend DESC, id DESC);

--
-- Name: idx_call_tasks_agent_priority; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX idx_call_tasks_agent_priority ON trustcart.crm_call_tasks USING btree (assigned_agent_id, task_date, priority_rank, id);

--
-- Name: idx_call_tasks_date_status; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX idx_call_tasks_date_status ON trustcart.crm_call_tasks USING btree (task_date, status);

--
-- Name: idx_customers_last_order; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX idx_customers_last_order ON trustcart.customers USING btree (last_order_date DESC NULLS LAST, id DESC);

--
-- Name: idx_customers_lifecycle; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX idx_customers_lifecycle ON trustcart.customers USING btree (lifecycle_stage, total_spend DESC, id DESC);

--
-- Name: idx_customers_temperature; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX idx_customers_temperature ON trustcart.customers USING btree (priority_level, total_spend DESC, id DESC);

--
-- Name: idx_customers_type; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX idx_customers_type ON trustcart.customers USING btree (customer_type, total_spend DESC, id DESC);

--
-- Name: job_runs_job_name_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX job_runs_job_name_idx ON trustcart.job_runs USING btree (job_name, business_date, started_at);

--
-- Name: job_runs_started_at_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX job_runs_started_at_idx ON trustcart.job_runs USING btree (started_at);

--
-- Name: products_category_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX products_category_id_idx ON trustcart.products USING btree (category_id);

--
-- Name: sales_order_items_order_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX sales_order_items_order_id_idx ON trustcart.sales_order_items USING btree (order_id);

--
-- Name: sales_order_items_product_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX sales_order_items_product_id_idx ON trustcart.sales_order_items USING btree (product_id);

--
-- Name: sales_orders_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX sales_orders_customer_id_idx ON trustcart.sales_orders USING btree (customer_id, order_date);

--
-- Name: sales_orders_status_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX sales_orders_status_idx ON trustcart.sales_orders USING btree (status);

--
-- Name: users_agents_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX users_agents_idx ON trustcart.users USING btree (id) WHERE ((role = 'crm_agent'::text) AND is_active);

--
-- Name: users_email_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX users_email_key ON trustcart.users USING btree (lower((email)::text));

--
-- Name: users_team_leader_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX users_team_leader_id_idx ON trustcart.users USING btree (team_leader_id);

--
-- Name: call_requests_requested_at_idx; Type: INDEX; Schema: trustcart_private; Owner: -
--

CREATE INDEX call_requests_requested_at_idx ON trustcart_private.call_requests USING btree (requested_at);

--
-- Name: contact_days_contacted_on_idx; Type: INDEX; Schema: trustcart_private; Owner: -
--

CREATE INDEX contact_days_contacted_on_idx ON trustcart_private.contact_days USING btree (contacted_on) INCLUDE (customer_id, channel, contacts);

--
-- Name: phone_book_family_member_id_idx; Type: INDEX; Schema: trustcart_private; Owner: -
--

CREATE INDEX phone_book_family_member_id_idx ON trustcart_private.phone_book USING btree (family_member_id) WHERE (family_member_id IS NOT NULL);

--
-- Name: phone_book_phone_e164_idx; Type: INDEX; Schema: trustcart_private; Owner: -
--

CREATE INDEX phone_book_phone_e164_idx ON trustcart_private.phone_book USING btree (phone_e164);

--
-- Name: agent_leave agent_leave_hand_over; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER agent_leave_hand_over AFTER INSERT OR UPDATE ON trustcart.agent_leave FOR EACH ROW EXECUTE FUNCTION trustcart_private.hand_over_on_leave();

--
-- Name: TRIGGER agent_leave_hand_over ON agent_leave; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER agent_leave_hand_over ON trustcart.agent_leave IS 'Leave of today or later hands the agent''s open calls of those days to others, however it was entered.';

--
-- Name: crm_call_attempts crm_call_attempts_contact_days_delete; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_attempts_contact_days_delete AFTER DELETE ON trustcart.crm_call_attempts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.keep_contact_days_of_attempts();

--
-- Name: TRIGGER crm_call_attempts_contact_days_delete ON crm_call_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_attempts_contact_days_delete ON trustcart.crm_call_attempts IS 'Keeps contact_days.';

--
-- Name: crm_call_attempts crm_call_attempts_contact_days_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_attempts_contact_days_insert AFTER INSERT ON trustcart.crm_call_attempts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.keep_contact_days_of_attempts();

--
-- Name: TRIGGER crm_call_attempts_contact_days_insert ON crm_call_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_attempts_contact_days_insert ON trustcart.crm_call_attempts IS 'Keeps contact_days.';

--
-- Name: crm_call_attempts crm_call_attempts_contact_days_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_attempts_contact_days_truncate AFTER TRUNCATE ON trustcart.crm_call_attempts FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.renew_contact_days();

--
-- Name: TRIGGER crm_call_attempts_contact_days_truncate ON crm_call_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_attempts_contact_days_truncate ON trustcart.crm_call_attempts IS 'Keeps contact_days.';

--
-- Name: crm_call_attempts crm_call_attempts_contact_days_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_attempts_contact_days_update AFTER UPDATE ON trustcart.crm_call_attempts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.keep_contact_days_of_attempts();

--
-- Name: TRIGGER crm_call_attempts_contact_days_update ON crm_call_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_attempts_contact_days_update ON trustcart.crm_call_attempts IS 'Keeps contact_days.';

--
-- Name: crm_call_attempts crm_call_attempts_mark_recovery; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_attempts_mark_recovery AFTER INSERT ON trustcart.crm_call_attempts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.mark_recovery_attempts();

--
-- Name: TRIGGER crm_call_attempts_mark_recovery ON crm_call_attempts; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_attempts_mark_recovery ON trustcart.crm_call_attempts IS 'Attempts to call mark the dropoff episode that they fall into.';

--
-- Name: crm_call_tasks crm_call_tasks_derive; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_derive BEFORE INSERT OR UPDATE ON trustcart.crm_call_tasks FOR EACH ROW EXECUTE FUNCTION trustcart_private.derive_call_task();

--
-- Name: TRIGGER crm_call_tasks_derive ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_derive ON trustcart.crm_call_tasks IS 'The times of a task follow from its status.';

--
-- Name: crm_call_tasks crm_call_tasks_log_assignment; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_log_assignment AFTER UPDATE ON trustcart.crm_call_tasks FOR EACH ROW WHEN ((old.assigned_agent_id IS DISTINCT FROM new.assigned_agent_id)) EXECUTE FUNCTION trustcart_private.log_task_assignment();

--
-- Name: TRIGGER crm_call_tasks_log_assignment ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_log_assignment ON trustcart.crm_call_tasks IS 'Every change of a task''s agent is kept: with it, who owned the task when is known.';

--
-- Name: crm_call_tasks crm_call_tasks_log_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_log_insert AFTER INSERT ON trustcart.crm_call_tasks FOR EACH ROW WHEN ((new.status = 'completed'::text)) EXECUTE FUNCTION trustcart_private.log_completed_call();

--
-- Name: TRIGGER crm_call_tasks_log_insert ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_log_insert ON trustcart.crm_call_tasks IS 'A task inserted as completed writes its interaction and its attempt.';

--
-- Name: crm_call_tasks crm_call_tasks_log_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_log_update AFTER UPDATE ON trustcart.crm_call_tasks FOR EACH ROW WHEN (((new.status = 'completed'::text) AND ((((((old.status IS DISTINCT FROM new.status) OR (old.outcome IS DISTINCT FROM new.outcome)) OR (old.notes IS DISTINCT FROM new.notes)) OR (old.follow_up_date IS DISTINCT FROM new.follow_up_date)) OR (old.assigned_agent_id IS DISTINCT FROM new.assigned_agent_id)) OR (old.customer_id IS DISTINCT FROM new.customer_id)))) EXECUTE FUNCTION trustcart_private.log_completed_call();

--
-- Name: TRIGGER crm_call_tasks_log_update ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_log_update ON trustcart.crm_call_tasks IS 'A task that becomes completed, or is corrected afterwards, writes its interaction and its attempt.';

--
-- Name: crm_call_tasks crm_call_tasks_tally_delete; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_tally_delete AFTER DELETE ON trustcart.crm_call_tasks REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_agent_calls();

--
-- Name: TRIGGER crm_call_tasks_tally_delete ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_tally_delete ON trustcart.crm_call_tasks IS 'Deleted calls free their place in the days of their agents.';

--
-- Name: crm_call_tasks crm_call_tasks_tally_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_tally_insert AFTER INSERT ON trustcart.crm_call_tasks REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_agent_calls();

--
-- Name: TRIGGER crm_call_tasks_tally_insert ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_tally_insert ON trustcart.crm_call_tasks IS 'New calls take their place in the days of their agents; many at once are counted as one.';

--
-- Name: crm_call_tasks crm_call_tasks_tally_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_tally_truncate AFTER TRUNCATE ON trustcart.crm_call_tasks FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_agent_calls();

--
-- Name: TRIGGER crm_call_tasks_tally_truncate ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_tally_truncate ON trustcart.crm_call_tasks IS 'Without calls no agent''s day has any.';

--
-- Name: crm_call_tasks crm_call_tasks_tally_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER crm_call_tasks_tally_update AFTER UPDATE ON trustcart.crm_call_tasks FOR EACH ROW WHEN (((
        CASE
            WHEN (old.status <> ALL (ARRAY['skipped'::text, 'cancelled'::text])) THEN old.assigned_agent_id
            ELSE NULL::bigint
        END IS DISTINCT FROM
        CASE
            WHEN (new.status <> ALL (ARRAY['skipped'::text, 'cancelled'::text])) THEN new.assigned_agent_id
            ELSE NULL::bigint
        END) OR ((old.task_date <> new.task_date) AND (new.assigned_agent_id IS NOT NULL) AND (new.status <> ALL (ARRAY['skipped'::text, 'cancelled'::text]))))) EXECUTE FUNCTION trustcart_private.count_agent_calls();

--
-- Name: TRIGGER crm_call_tasks_tally_update ON crm_call_tasks; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER crm_call_tasks_tally_update ON trustcart.crm_call_tasks IS 'A call that goes to another agent or day, or is skipped or cancelled, changes the days of its agents.';

--
-- Name: customer_behavior customer_behavior_derive; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_behavior_derive BEFORE INSERT ON trustcart.customer_behavior FOR EACH ROW WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION trustcart_private.derive_customer_behavior();

--
-- Name: TRIGGER customer_behavior_derive ON customer_behavior; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_behavior_derive ON trustcart.customer_behavior IS 'Figures are derived; values supplied for them are ignored.';

--
-- Name: customer_consents customer_consents_append_only; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_consents_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON trustcart.customer_consents FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.refuse_consent_change();

--
-- Name: TRIGGER customer_consents_append_only ON customer_consents; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_consents_append_only ON trustcart.customer_consents IS 'Consents are added to, never changed: TC107.';

--
-- Name: customer_consents customer_consents_cancel_calls; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_consents_cancel_calls AFTER INSERT ON trustcart.customer_consents REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.cancel_refused_calls();

--
-- Name: TRIGGER customer_consents_cancel_calls ON customer_consents; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_consents_cancel_calls ON trustcart.customer_consents IS 'Cancels the pending calls of customers who forbid them.';

--
-- Name: customer_contact_preferences customer_contact_preferences_updated_at; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_contact_preferences_updated_at BEFORE UPDATE ON trustcart.customer_contact_preferences FOR EACH ROW EXECUTE FUNCTION trustcart_private.set_updated_at();

--
-- Name: TRIGGER customer_contact_preferences_updated_at ON customer_contact_preferences; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_contact_preferences_updated_at ON trustcart.customer_contact_preferences IS 'Keeps updated_at.';

--
-- Name: customer_dropoff_tracking customer_dropoff_tracking_derive; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_dropoff_tracking_derive BEFORE INSERT ON trustcart.customer_dropoff_tracking FOR EACH ROW EXECUTE FUNCTION trustcart_private.derive_dropoff();

--
-- Name: TRIGGER customer_dropoff_tracking_derive ON customer_dropoff_tracking; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_dropoff_tracking_derive ON trustcart.customer_dropoff_tracking IS 'The guide''s own INSERT opens episodes as detect_dropoffs() does.';

--
-- Name: customer_family_members customer_family_members_count_delete; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_count_delete AFTER DELETE ON trustcart.customer_family_members REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_family_members_count_delete ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_count_delete ON trustcart.customer_family_members IS 'Keeps the customers'' count of them.';

--
-- Name: customer_family_members customer_family_members_count_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_count_insert AFTER INSERT ON trustcart.customer_family_members REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_family_members_count_insert ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_count_insert ON trustcart.customer_family_members IS 'Keeps the customers'' count of them.';

--
-- Name: customer_family_members customer_family_members_count_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_count_truncate AFTER TRUNCATE ON trustcart.customer_family_members FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_family_members_count_truncate ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_count_truncate ON trustcart.customer_family_members IS 'Keeps the customers'' count of them.';

--
-- Name: customer_family_members customer_family_members_count_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_count_update AFTER UPDATE ON trustcart.customer_family_members REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_family_members_count_update ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_count_update ON trustcart.customer_family_members IS 'Keeps the customers'' count of them.';

--
-- Name: customer_family_members customer_family_members_derive; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_derive BEFORE INSERT OR UPDATE ON trustcart.customer_family_members FOR EACH ROW EXECUTE FUNCTION trustcart_private.derive_family_member();

--
-- Name: TRIGGER customer_family_members_derive ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_derive ON trustcart.customer_family_members IS 'Keeps phone_e164.';

--
-- Name: customer_family_members customer_family_members_event_days_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_event_days_insert AFTER INSERT ON trustcart.customer_family_members REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.add_family_event_days();

--
-- Name: TRIGGER customer_family_members_event_days_insert ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_event_days_insert ON trustcart.customer_family_members IS 'Keeps customer_event_days.';

--
-- Name: customer_family_members customer_family_members_event_days_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_event_days_truncate AFTER TRUNCATE ON trustcart.customer_family_members FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.sync_family_event_days();

--
-- Name: TRIGGER customer_family_members_event_days_truncate ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_event_days_truncate ON trustcart.customer_family_members IS 'Keeps customer_event_days.';

--
-- Name: customer_family_members customer_family_members_event_days_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_event_days_update AFTER UPDATE OF customer_id, date_of_birth, anniversary_date ON trustcart.customer_family_members FOR EACH ROW WHEN (((old.customer_id <> new.customer_id) OR ((old.date_of_birth)::date IS DISTINCT FROM (new.date_of_birth)::date) OR ((old.anniversary_date)::date IS DISTINCT FROM (new.anniversary_date)::date))) EXECUTE FUNCTION trustcart_private.sync_family_event_days();

--
-- Name: TRIGGER customer_family_members_event_days_update ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_event_days_update ON trustcart.customer_family_members IS 'Keeps customer_event_days.';

--
-- Name: customer_family_members customer_family_members_phone_book_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_phone_book_insert AFTER INSERT ON trustcart.customer_family_members REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.add_family_phones();

--
-- Name: TRIGGER customer_family_members_phone_book_insert ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_phone_book_insert ON trustcart.customer_family_members IS 'Keeps phone_book.';

--
-- Name: customer_family_members customer_family_members_phone_book_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_phone_book_truncate AFTER TRUNCATE ON trustcart.customer_family_members FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.sync_family_phones();

--
-- Name: TRIGGER customer_family_members_phone_book_truncate ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_phone_book_truncate ON trustcart.customer_family_members IS 'Keeps phone_book.';

--
-- Name: customer_family_members customer_family_members_phone_book_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_phone_book_update AFTER UPDATE OF customer_id, phone ON trustcart.customer_family_members FOR EACH ROW WHEN (((old.customer_id <> new.customer_id) OR (old.phone_e164 IS DISTINCT FROM new.phone_e164))) EXECUTE FUNCTION trustcart_private.sync_family_phones();

--
-- Name: TRIGGER customer_family_members_phone_book_update ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_phone_book_update ON trustcart.customer_family_members IS 'Keeps phone_book.';

--
-- Name: customer_interactions customer_interactions_contact_days_delete; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_contact_days_delete AFTER DELETE ON trustcart.customer_interactions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.keep_contact_days_of_interactions();

--
-- Name: TRIGGER customer_interactions_contact_days_delete ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_contact_days_delete ON trustcart.customer_interactions IS 'Keeps contact_days.';

--
-- Name: customer_interactions customer_interactions_contact_days_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_contact_days_update AFTER UPDATE ON trustcart.customer_interactions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.keep_contact_days_of_interactions();

--
-- Name: TRIGGER customer_interactions_contact_days_update ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_contact_days_update ON trustcart.customer_interactions IS 'Keeps contact_days.';

--
-- Name: customer_interactions customer_interactions_count_delete; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_count_delete AFTER DELETE ON trustcart.customer_interactions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_interactions_count_delete ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_count_delete ON trustcart.customer_interactions IS 'Keeps the customers'' count of them.';

--
-- Name: customer_interactions customer_interactions_count_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_count_insert AFTER INSERT ON trustcart.customer_interactions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_interactions_count_insert ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_count_insert ON trustcart.customer_interactions IS 'Keeps the customers'' count of them.';

--
-- Name: customer_interactions customer_interactions_count_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_count_truncate AFTER TRUNCATE ON trustcart.customer_interactions FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_interactions_count_truncate ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_count_truncate ON trustcart.customer_interactions IS 'Keeps the customers'' count of them.';

--
-- Name: customer_interactions customer_interactions_count_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_count_update AFTER UPDATE ON trustcart.customer_interactions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.count_customer_links();

--
-- Name: TRIGGER customer_interactions_count_update ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_count_update ON trustcart.customer_interactions IS 'Keeps the customers'' count of them.';

--
-- Name: customer_interactions customer_interactions_keep_contact_days_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_keep_contact_days_insert AFTER INSERT ON trustcart.customer_interactions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.keep_contact_days_of_interactions();

--
-- Name: TRIGGER customer_interactions_keep_contact_days_insert ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_keep_contact_days_insert ON trustcart.customer_interactions IS 'Keeps contact_days.';

--
-- Name: customer_interactions customer_interactions_keep_contact_days_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_keep_contact_days_truncate AFTER TRUNCATE ON trustcart.customer_interactions FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.renew_contact_days();

--
-- Name: TRIGGER customer_interactions_keep_contact_days_truncate ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_keep_contact_days_truncate ON trustcart.customer_interactions IS 'Keeps contact_days.';

--
-- Name: customer_interactions customer_interactions_mark_recovery; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_interactions_mark_recovery AFTER INSERT ON trustcart.customer_interactions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.mark_recovery_attempts();

--
-- Name: TRIGGER customer_interactions_mark_recovery ON customer_interactions; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_interactions_mark_recovery ON trustcart.customer_interactions IS 'Outbound contacts mark the dropoff episode that they fall into.';

--
-- Name: customers customers_derive_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customers_derive_insert BEFORE INSERT ON trustcart.customers FOR EACH ROW EXECUTE FUNCTION trustcart_private.derive_customer();

--
-- Name: TRIGGER customers_derive_insert ON customers; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customers_derive_insert ON trustcart.customers IS 'A customer begins without orders; values supplied for derived columns are ignored.';

--
-- Name: customers customers_derive_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customers_derive_update AFTER UPDATE ON trustcart.customers FOR EACH ROW WHEN ((new.state_revision = old.state_revision)) EXECUTE FUNCTION trustcart_private.derive_customer();

--
-- Name: TRIGGER customers_derive_update ON customers; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customers_derive_update ON trustcart.customers IS 'Undoes what others write into derived columns; keeps the E.164 numbers and updated_at.';

--
-- Name: customers customers_event_days_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customers_event_days_insert AFTER INSERT ON trustcart.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.add_customer_event_days();

--
-- Name: TRIGGER customers_event_days_insert ON customers; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customers_event_days_insert ON trustcart.customers IS 'Keeps customer_event_days.';

--
-- Name: customers customers_event_days_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customers_event_days_update AFTER UPDATE OF date_of_birth, anniversary_date ON trustcart.customers FOR EACH ROW WHEN ((((old.date_of_birth)::date IS DISTINCT FROM (new.date_of_birth)::date) OR ((old.anniversary_date)::date IS DISTINCT FROM (new.anniversary_date)::date))) EXECUTE FUNCTION trustcart_private.sync_customer_event_days();

--
-- Name: TRIGGER customers_event_days_update ON customers; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customers_event_days_update ON trustcart.customers IS 'Keeps customer_event_days.';

--
-- Name: customers customers_phone_book_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customers_phone_book_insert AFTER INSERT ON trustcart.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.add_customer_phones();

--
-- Name: TRIGGER customers_phone_book_insert ON customers; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customers_phone_book_insert ON trustcart.customers IS 'Keeps phone_book.';

--
-- Name: customers customers_phone_book_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customers_phone_book_update AFTER UPDATE OF phone_e164, mobile_e164 ON trustcart.customers FOR EACH ROW WHEN (((old.phone_e164 IS DISTINCT FROM new.phone_e164) OR (old.mobile_e164 IS DISTINCT FROM new.mobile_e164))) EXECUTE FUNCTION trustcart_private.sync_customer_phones();

--
-- Name: TRIGGER customers_phone_book_update ON customers; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customers_phone_book_update ON trustcart.customers IS 'Keeps phone_book.';

--
-- Name: order_statuses order_statuses_advance; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER order_statuses_advance BEFORE UPDATE OF counts ON trustcart.order_statuses FOR EACH ROW WHEN ((old.counts IS DISTINCT FROM new.counts)) EXECUTE FUNCTION trustcart_private.recount_status();

--
-- Name: TRIGGER order_statuses_advance ON order_statuses; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER order_statuses_advance ON trustcart.order_statuses IS 'Lets the days pass that no job has counted yet, before what counts as an order changes.';

--
-- Name: order_statuses order_statuses_recount; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER order_statuses_recount AFTER UPDATE OF counts ON trustcart.order_statuses FOR EACH ROW WHEN ((old.counts IS DISTINCT FROM new.counts)) EXECUTE FUNCTION trustcart_private.recount_status();

--
-- Name: TRIGGER order_statuses_recount ON order_statuses; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER order_statuses_recount ON trustcart.order_statuses IS 'Keeps customer state right when what counts as an order changes.';

--
-- Name: products products_updated_at; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER products_updated_at BEFORE UPDATE ON trustcart.products FOR EACH ROW EXECUTE FUNCTION trustcart_private.set_updated_at();

--
-- Name: TRIGGER products_updated_at ON products; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER products_updated_at ON trustcart.products IS 'Keeps updated_at.';

--
-- Name: sales_order_items sales_order_items_behavior_delete; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_order_items_behavior_delete AFTER DELETE ON trustcart.sales_order_items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.mark_behavior_due();

--
-- Name: TRIGGER sales_order_items_behavior_delete ON sales_order_items; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_order_items_behavior_delete ON trustcart.sales_order_items IS 'What is bought tells what a customer likes: the behaviour is refreshed by the next run of its job.';

--
-- Name: sales_order_items sales_order_items_behavior_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_order_items_behavior_insert AFTER INSERT ON trustcart.sales_order_items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.mark_behavior_due();

--
-- Name: TRIGGER sales_order_items_behavior_insert ON sales_order_items; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_order_items_behavior_insert ON trustcart.sales_order_items IS 'What is bought tells what a customer likes: the behaviour is refreshed by the next run of its job.';

--
-- Name: sales_order_items sales_order_items_behavior_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_order_items_behavior_truncate AFTER TRUNCATE ON trustcart.sales_order_items FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.mark_behavior_due();

--
-- Name: TRIGGER sales_order_items_behavior_truncate ON sales_order_items; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_order_items_behavior_truncate ON trustcart.sales_order_items IS 'What is bought tells what a customer likes: the behaviour is refreshed by the next run of its job.';

--
-- Name: sales_order_items sales_order_items_behavior_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_order_items_behavior_update AFTER UPDATE ON trustcart.sales_order_items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart_private.mark_behavior_due();

--
-- Name: TRIGGER sales_order_items_behavior_update ON sales_order_items; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_order_items_behavior_update ON trustcart.sales_order_items IS 'What is bought tells what a customer likes: the behaviour is refreshed by the next run of its job.';

--
-- Name: sales_orders sales_orders_lifecycle_delete; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_orders_lifecycle_delete AFTER DELETE ON trustcart.sales_orders REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart.update_customer_lifecycle();

--
-- Name: TRIGGER sales_orders_lifecycle_delete ON sales_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_orders_lifecycle_delete ON trustcart.sales_orders IS 'Keeps customer state right within the delete''s own transaction.';

--
-- Name: sales_orders sales_orders_lifecycle_insert; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_orders_lifecycle_insert AFTER INSERT ON trustcart.sales_orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart.update_customer_lifecycle();

--
-- Name: TRIGGER sales_orders_lifecycle_insert ON sales_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_orders_lifecycle_insert ON trustcart.sales_orders IS 'Keeps customer state right within the insert''s own transaction.';

--
-- Name: sales_orders sales_orders_lifecycle_truncate; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_orders_lifecycle_truncate AFTER TRUNCATE ON trustcart.sales_orders FOR EACH STATEMENT EXECUTE FUNCTION trustcart.update_customer_lifecycle();

--
-- Name: TRIGGER sales_orders_lifecycle_truncate ON sales_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_orders_lifecycle_truncate ON trustcart.sales_orders IS 'Keeps customer state right within the truncate''s own transaction.';

--
-- Name: sales_orders sales_orders_lifecycle_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_orders_lifecycle_update AFTER UPDATE ON trustcart.sales_orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION trustcart.update_customer_lifecycle();

--
-- Name: TRIGGER sales_orders_lifecycle_update ON sales_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_orders_lifecycle_update ON trustcart.sales_orders IS 'Keeps customer state right within the update''s own transaction.';

--
-- Name: sales_orders sales_orders_updated_at; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER sales_orders_updated_at BEFORE UPDATE ON trustcart.sales_orders FOR EACH ROW EXECUTE FUNCTION trustcart_private.set_updated_at();

--
-- Name: TRIGGER sales_orders_updated_at ON sales_orders; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER sales_orders_updated_at ON trustcart.sales_orders IS 'Keeps updated_at.';

--
-- Name: settings settings_contact_days; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER settings_contact_days AFTER UPDATE OF time_zone ON trustcart.settings FOR EACH ROW WHEN ((old.time_zone <> new.time_zone)) EXECUTE FUNCTION trustcart_private.renew_contact_days();

--
-- Name: TRIGGER settings_contact_days ON settings; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER settings_contact_days ON trustcart.settings IS 'In another time zone contacts fall on other days: contact_days is counted anew.';

--
-- Name: settings settings_updated_at; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER settings_updated_at BEFORE UPDATE ON trustcart.settings FOR EACH ROW EXECUTE FUNCTION trustcart_private.set_updated_at();

--
-- Name: TRIGGER settings_updated_at ON settings; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER settings_updated_at ON trustcart.settings IS 'Keeps updated_at.';

--
-- Name: users users_hand_over; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER users_hand_over AFTER UPDATE ON trustcart.users FOR EACH ROW WHEN ((old.is_active AND (old.role = 'crm_agent'::text) AND (NOT (new.is_active AND (new.role = 'crm_agent'::text))))) EXECUTE FUNCTION trustcart_private.hand_over_on_departure();

--
-- Name: TRIGGER users_hand_over ON users; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER users_hand_over ON trustcart.users IS 'Who is deactivated or gets another role hands the open calls of today and later to others.';

--
-- Name: users users_updated_at; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER users_updated_at BEFORE UPDATE ON trustcart.users FOR EACH ROW EXECUTE FUNCTION trustcart_private.set_updated_at();

--
-- Name: TRIGGER users_updated_at ON users; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER users_updated_at ON trustcart.users IS 'Keeps updated_at.';

--
-- Name: agent_days agent_days_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_days
    ADD CONSTRAINT agent_days_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES trustcart.users(id) ON DELETE CASCADE;

--
-- Name: agent_languages agent_languages_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_languages
    ADD CONSTRAINT agent_languages_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES trustcart.users(id) ON DELETE CASCADE;

--
-- Name: agent_leave agent_leave_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_leave
    ADD CONSTRAINT agent_leave_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES trustcart.users(id) ON DELETE CASCADE;

--
-- Name: agent_skills agent_skills_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_skills
    ADD CONSTRAINT agent_skills_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES trustcart.users(id) ON DELETE CASCADE;

--
-- Name: agent_working_hours agent_working_hours_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.agent_working_hours
    ADD CONSTRAINT agent_working_hours_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES trustcart.users(id) ON DELETE CASCADE;

--
-- Name: call_scripts call_scripts_task_type_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_scripts
    ADD CONSTRAINT call_scripts_task_type_fkey FOREIGN KEY (task_type) REFERENCES trustcart.call_task_types(task_type) ON UPDATE CASCADE ON DELETE CASCADE;

--
-- Name: call_waiting_list call_waiting_list_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.call_waiting_list
    ADD CONSTRAINT call_waiting_list_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: carts carts_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.carts
    ADD CONSTRAINT carts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: carts carts_order_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.carts
    ADD CONSTRAINT carts_order_id_fkey FOREIGN KEY (order_id) REFERENCES trustcart.sales_orders(id) ON DELETE SET NULL;

--
-- Name: categories categories_parent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.categories
    ADD CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES trustcart.categories(id) ON DELETE SET NULL;

--
-- Name: crm_call_attempts crm_call_attempts_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.crm_call_attempts
    ADD CONSTRAINT crm_call_attempts_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

--
-- Name: crm_call_attempts crm_call_attempts_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.crm_call_attempts
    ADD CONSTRAINT crm_call_attempts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE RESTRICT;

--
-- Name: crm_call_attempts crm_call_attempts_task_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE trustcart.crm_call_attempts
    ADD CONSTRAINT crm_call_attempts_task_id_fkey FOREIGN KEY (task_id) REFERENCES trustcart.crm_call_tasks(id) ON DELETE SET NULL;

--
-- Name: crm_call_task_assignments crm_call_task_assignments_from_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_task_assignments
    ADD CONSTRAINT crm_call_task_assignments_from_agent_id_fkey FOREIGN KEY (from_agent_id) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

--
-- Name: crm_call_task_assignments crm_call_task_assignments_task_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_task_assignments
    ADD CONSTRAINT crm_call_task_assignments_task_id_fkey FOREIGN KEY (task_id) REFERENCES trustcart.crm_call_tasks(id) ON DELETE CASCADE;

--
-- Name: crm_call_task_assignments crm_call_task_assignments_to_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_task_assignments
    ADD CONSTRAINT crm_call_task_assignments_to_agent_id_fkey FOREIGN KEY (to_agent_id) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

--
-- Name: crm_call_tasks crm_call_tasks_assigned_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_tasks
    ADD CONSTRAINT crm_call_tasks_assigned_agent_id_fkey FOREIGN KEY (assigned_agent_id) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

--
-- Name: crm_call_tasks crm_call_tasks_claimed_by_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_tasks
    ADD CONSTRAINT crm_call_tasks_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

--
-- Name: crm_call_tasks crm_call_tasks_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_tasks
    ADD CONSTRAINT crm_call_tasks_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE RESTRICT;

--
-- Name: crm_call_tasks crm_call_tasks_predecessor_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_tasks
    ADD CONSTRAINT crm_call_tasks_predecessor_id_fkey FOREIGN KEY (predecessor_id) REFERENCES trustcart.crm_call_tasks(id) ON DELETE SET NULL;

--
-- Name: crm_call_tasks crm_call_tasks_task_type_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_tasks
    ADD CONSTRAINT crm_call_tasks_task_type_fkey FOREIGN KEY (task_type) REFERENCES trustcart.call_task_types(task_type) ON UPDATE CASCADE ON DELETE RESTRICT;

--
-- Name: customer_behavior customer_behavior_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_behavior
    ADD CONSTRAINT customer_behavior_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: customer_consents customer_consents_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_consents
    ADD CONSTRAINT customer_consents_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE RESTRICT;

--
-- Name: customer_consents customer_consents_recorded_by_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_consents
    ADD CONSTRAINT customer_consents_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

--
-- Name: customer_contact_preferences customer_contact_preferences_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_contact_preferences
    ADD CONSTRAINT customer_contact_preferences_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: customer_dropoff_tracking customer_dropoff_tracking_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_dropoff_tracking
    ADD CONSTRAINT customer_dropoff_tracking_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: customer_event_days customer_event_days_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_event_days
    ADD CONSTRAINT customer_event_days_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: customer_event_days customer_event_days_family_member_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_event_days
    ADD CONSTRAINT customer_event_days_family_member_id_fkey FOREIGN KEY (family_member_id) REFERENCES trustcart.customer_family_members(id) ON DELETE CASCADE;

--
-- Name: customer_family_members customer_family_members_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_family_members
    ADD CONSTRAINT customer_family_members_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: customer_interactions customer_interactions_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_interactions
    ADD CONSTRAINT customer_interactions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

--
-- Name: customer_interactions customer_interactions_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_interactions
    ADD CONSTRAINT customer_interactions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE RESTRICT;

--
-- Name: customer_interactions customer_interactions_task_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_interactions
    ADD CONSTRAINT customer_interactions_task_id_fkey FOREIGN KEY (task_id) REFERENCES trustcart.crm_call_tasks(id) ON DELETE SET NULL;

--
-- Name: customer_phone_flags customer_phone_flags_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_phone_flags
    ADD CONSTRAINT customer_phone_flags_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: customer_phone_flags customer_phone_flags_task_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_phone_flags
    ADD CONSTRAINT customer_phone_flags_task_id_fkey FOREIGN KEY (task_id) REFERENCES trustcart.crm_call_tasks(id) ON DELETE SET NULL;

--
-- Name: customer_state_changes customer_state_changes_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customer_state_changes
    ADD CONSTRAINT customer_state_changes_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: customers customers_assigned_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.customers
    ADD CONSTRAINT customers_assigned_agent_id_fkey FOREIGN KEY (assigned_agent_id) REFERENCES trustcart.users(id) ON DELETE SET NULL;

--
-- Name: job_runs job_runs_job_name_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.job_runs
    ADD CONSTRAINT job_runs_job_name_fkey FOREIGN KEY (job_name) REFERENCES trustcart.job_schedules(job_name) ON UPDATE CASCADE ON DELETE RESTRICT;

--
-- Name: products products_category_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.products
    ADD CONSTRAINT products_category_id_fkey FOREIGN KEY (category_id) REFERENCES trustcart.categories(id) ON DELETE SET NULL;

--
-- Name: sales_order_items sales_order_items_order_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.sales_order_items
    ADD CONSTRAINT sales_order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES trustcart.sales_orders(id) ON DELETE CASCADE;

--
-- Name: sales_order_items sales_order_items_product_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.sales_order_items
    ADD CONSTRAINT sales_order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES trustcart.products(id) ON DELETE SET NULL;

--
-- Name: sales_orders sales_orders_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.sales_orders
    ADD CONSTRAINT sales_orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE RESTRICT;

--
-- Name: sales_orders sales_orders_status_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.sales_orders
    ADD CONSTRAINT sales_orders_status_fkey FOREIGN KEY (status) REFERENCES trustcart.order_statuses(status) ON UPDATE CASCADE ON DELETE RESTRICT;

--
-- Name: users users_team_leader_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.users
    ADD CONSTRAINT users_team_leader_id_fkey FOREIGN KEY (team_leader_id) REFERENCES trustcart.users(id) ON DELETE SET NULL;

--
-- Name: contact_days contact_days_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.contact_days
    ADD CONSTRAINT contact_days_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: phone_book phone_book_customer_id_fkey; Type: FK CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.phone_book
    ADD CONSTRAINT phone_book_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES trustcart.customers(id) ON DELETE CASCADE;

--
-- Name: phone_book phone_book_family_member_id_fkey; Type: FK CONSTRAINT; Schema: trustcart_private; Owner: -
--

ALTER TABLE ONLY trustcart_private.phone_book
    ADD CONSTRAINT phone_book_family_member_id_fkey FOREIGN KEY (family_member_id) REFERENCES trustcart.customer_family_members(id) ON DELETE CASCADE;

--
-- Name: SCHEMA trustcart; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA trustcart TO trustcart_manager;
GRANT USAGE ON SCHEMA trustcart TO trustcart_admin;
GRANT USAGE ON SCHEMA trustcart TO trustcart_service;
GRANT USAGE ON SCHEMA trustcart TO trustcart_jobs;

--
-- Name: SCHEMA trustcart_api; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA trustcart_api TO trustcart_manager;
GRANT USAGE ON SCHEMA trustcart_api TO trustcart_admin;

--
-- Name: FUNCTION add_agent_leave(p_agent_id bigint, p_from date, p_until date, p_reason text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.add_agent_leave(p_agent_id bigint, p_from date, p_until date, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.add_agent_leave(p_agent_id bigint, p_from date, p_until date, p_reason text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.add_agent_leave(p_agent_id bigint, p_from date, p_until date, p_reason text) TO trustcart_admin;

--
-- Name: FUNCTION business_date(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.business_date() FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_jobs;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_service;

--
-- Name: FUNCTION agent_availability(p_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.agent_availability(p_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.agent_availability(p_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.agent_availability(p_date date) TO trustcart_admin;

--
-- Name: FUNCTION agent_figures(p_from date, p_to date, p_period text, p_agent_id bigint); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.agent_figures(p_from date, p_to date, p_period text, p_agent_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.agent_figures(p_from date, p_to date, p_period text, p_agent_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.agent_figures(p_from date, p_to date, p_period text, p_agent_id bigint) TO trustcart_admin;

--
-- Name: FUNCTION agent_leaderboard(p_from date, p_to date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.agent_leaderboard(p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.agent_leaderboard(p_from date, p_to date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.agent_leaderboard(p_from date, p_to date) TO trustcart_admin;

--
-- Name: FUNCTION agent_performance(p_agent_id bigint, p_from date, p_to date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.agent_performance(p_agent_id bigint, p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.agent_performance(p_agent_id bigint, p_from date, p_to date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.agent_performance(p_agent_id bigint, p_from date, p_to date) TO trustcart_admin;

--
-- Name: FUNCTION agent_performance_by_period(p_period text, p_from date, p_to date, p_agent_id bigint); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.agent_performance_by_period(p_period text, p_from date, p_to date, p_agent_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.agent_performance_by_period(p_period text, p_from date, p_to date, p_agent_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.agent_performance_by_period(p_period text, p_from date, p_to date, p_agent_id bigint) TO trustcart_admin;

--
-- Name: PROCEDURE attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text) FROM PUBLIC;
GRANT ALL ON PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text) TO trustcart_admin;
GRANT ALL ON PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text) TO trustcart_jobs;

--
-- Name: FUNCTION backtest_call_plan(p_from date, p_to date, p_overrides jsonb); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.backtest_call_plan(p_from date, p_to date, p_overrides jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.backtest_call_plan(p_from date, p_to date, p_overrides jsonb) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.backtest_call_plan(p_from date, p_to date, p_overrides jsonb) TO trustcart_admin;

--
-- Name: FUNCTION call_conversions(p_from date, p_to date, p_days integer); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.call_conversions(p_from date, p_to date, p_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.call_conversions(p_from date, p_to date, p_days integer) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.call_conversions(p_from date, p_to date, p_days integer) TO trustcart_admin;

--
-- Name: FUNCTION call_script(p_task_id bigint, p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.call_script(p_task_id bigint, p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.call_script(p_task_id bigint, p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.call_script(p_task_id bigint, p_as_of date) TO trustcart_admin;

--
-- Name: FUNCTION call_scripts_of(p_task_ids bigint[], p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.call_scripts_of(p_task_ids bigint[], p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.call_scripts_of(p_task_ids bigint[], p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.call_scripts_of(p_task_ids bigint[], p_as_of date) TO trustcart_admin;

--
-- Name: FUNCTION cancel_agent_leave(p_leave_id bigint); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.cancel_agent_leave(p_leave_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.cancel_agent_leave(p_leave_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.cancel_agent_leave(p_leave_id bigint) TO trustcart_admin;

--
-- Name: FUNCTION check_agent_days(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.check_agent_days() FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.check_agent_days() TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.check_agent_days() TO trustcart_admin;

--
-- Name: FUNCTION check_contact(p_customer_id bigint, p_at timestamp with time zone); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.check_contact(p_customer_id bigint, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.check_contact(p_customer_id bigint, p_at timestamp with time zone) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.check_contact(p_customer_id bigint, p_at timestamp with time zone) TO trustcart_admin;

--
-- Name: FUNCTION avg_days_between_orders_of(p_order_count integer, p_first_order_date date, p_last_order_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.avg_days_between_orders_of(p_order_count integer, p_first_order_date date, p_last_order_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.avg_days_between_orders_of(p_order_count integer, p_first_order_date date, p_last_order_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.avg_days_between_orders_of(p_order_count integer, p_first_order_date date, p_last_order_date date) TO trustcart_admin;

--
-- Name: FUNCTION avg_order_value_of(p_order_count integer, p_total_spend numeric); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.avg_order_value_of(p_order_count integer, p_total_spend numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.avg_order_value_of(p_order_count integer, p_total_spend numeric) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.avg_order_value_of(p_order_count integer, p_total_spend numeric) TO trustcart_admin;

--
-- Name: FUNCTION contact_differences(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.contact_differences() FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.contact_differences() TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.contact_differences() TO trustcart_admin;

--
-- Name: FUNCTION is_time_zone(p_name text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.is_time_zone(p_name text) FROM PUBLIC;

--
-- Name: TABLE settings; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.settings TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.settings TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.settings TO trustcart_service;
GRANT SELECT ON TABLE trustcart.settings TO trustcart_jobs;

--
-- Name: COLUMN settings.time_zone; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(time_zone) ON TABLE trustcart.settings TO trustcart_service;

--
-- Name: FUNCTION customer_type_of(p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.customer_type_of(p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.customer_type_of(p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.customer_type_of(p_order_count integer, p_total_spend numeric, p_days integer, p_settings trustcart.settings) TO trustcart_admin;

--
-- Name: FUNCTION lifecycle_stage_of(p_order_count integer, p_days integer, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.lifecycle_stage_of(p_order_count integer, p_days integer, p_settings trustcart.settings) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.lifecycle_stage_of(p_order_count integer, p_days integer, p_settings trustcart.settings) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.lifecycle_stage_of(p_order_count integer, p_days integer, p_settings trustcart.settings) TO trustcart_admin;

--
-- Name: FUNCTION next_label_date(p_last_order_date date, p_as_of date, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.next_label_date(p_last_order_date date, p_as_of date, p_settings trustcart.settings) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.next_label_date(p_last_order_date date, p_as_of date, p_settings trustcart.settings) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.next_label_date(p_last_order_date date, p_as_of date, p_settings trustcart.settings) TO trustcart_admin;

--
-- Name: FUNCTION priority_level_of(p_days integer, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.priority_level_of(p_days integer, p_settings trustcart.settings) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.priority_level_of(p_days integer, p_settings trustcart.settings) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.priority_level_of(p_days integer, p_settings trustcart.settings) TO trustcart_admin;

--
-- Name: TABLE customer_behavior; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_behavior TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_behavior TO trustcart_admin;

--
-- Name: COLUMN customer_behavior.customer_id; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(customer_id) ON TABLE trustcart.customer_behavior TO trustcart_service;

--
-- Name: COLUMN customer_behavior.avg_order_value; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(avg_order_value) ON TABLE trustcart.customer_behavior TO trustcart_service;

--
-- Name: COLUMN customer_behavior.preferred_categories; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(preferred_categories) ON TABLE trustcart.customer_behavior TO trustcart_service;

--
-- Name: COLUMN customer_behavior.avg_days_between_orders; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(avg_days_between_orders) ON TABLE trustcart.customer_behavior TO trustcart_service;

--
-- Name: TABLE customer_family_members; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_family_members TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_family_members TO trustcart_admin;

--
-- Name: COLUMN customer_family_members.id; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(id) ON TABLE trustcart.customer_family_members TO trustcart_service;

--
-- Name: COLUMN customer_family_members.name; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(name) ON TABLE trustcart.customer_family_members TO trustcart_service;

--
-- Name: COLUMN customer_family_members.date_of_birth; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(date_of_birth) ON TABLE trustcart.customer_family_members TO trustcart_service;

--
-- Name: COLUMN customer_family_members.anniversary_date; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(anniversary_date) ON TABLE trustcart.customer_family_members TO trustcart_service;

--
-- Name: TABLE customer_interactions; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_interactions TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_interactions TO trustcart_admin;

--
-- Name: COLUMN customer_interactions.agent_id; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(agent_id) ON TABLE trustcart.customer_interactions TO trustcart_service;

--
-- Name: TABLE customer_state_changes; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_state_changes TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_state_changes TO trustcart_admin;

--
-- Name: TABLE customers; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customers TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customers TO trustcart_admin;

--
-- Name: COLUMN customers.id; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(id) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.first_name; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(first_name) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.last_name; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(last_name) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.email; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(email) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.phone; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(phone) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.mobile; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(mobile) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.date_of_birth; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(date_of_birth) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.anniversary_date; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(anniversary_date) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.is_active; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(is_active) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.assigned_agent_id; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(assigned_agent_id) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.order_count; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(order_count) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.total_spend; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(total_spend) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.first_order_date; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(first_order_date) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.last_order_date; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(last_order_date) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.customer_type; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(customer_type) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.lifecycle_stage; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(lifecycle_stage) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.priority_level; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(priority_level) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.family_members_count; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(family_members_count) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.interactions_count; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(interactions_count) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: COLUMN customers.state_as_of; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(state_as_of) ON TABLE trustcart.customers TO trustcart_service;

--
-- Name: TABLE order_statuses; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.order_statuses TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.order_statuses TO trustcart_admin;

--
-- Name: TABLE sales_orders; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.sales_orders TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.sales_orders TO trustcart_admin;

--
-- Name: FUNCTION check_customer_state(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.check_customer_state() FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.check_customer_state() TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.check_customer_state() TO trustcart_admin;

--
-- Name: FUNCTION check_job_date(p_business_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.check_job_date(p_business_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.check_job_date(p_business_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.check_job_date(p_business_date date) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.check_job_date(p_business_date date) TO trustcart_jobs;

--
-- Name: FUNCTION check_period(p_from date, p_to date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.check_period(p_from date, p_to date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.check_period(p_from date, p_to date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.check_period(p_from date, p_to date) TO trustcart_admin;

--
-- Name: FUNCTION is_successful_outcome(p_outcome text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.is_successful_outcome(p_outcome text) FROM PUBLIC;

--
-- Name: TABLE crm_call_tasks; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.crm_call_tasks TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.crm_call_tasks TO trustcart_admin;

--
-- Name: COLUMN crm_call_tasks.assigned_agent_id; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(assigned_agent_id) ON TABLE trustcart.crm_call_tasks TO trustcart_service;

--
-- Name: COLUMN crm_call_tasks.status; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(status) ON TABLE trustcart.crm_call_tasks TO trustcart_service;

--
-- Name: COLUMN crm_call_tasks.successful; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(successful) ON TABLE trustcart.crm_call_tasks TO trustcart_service;

--
-- Name: COLUMN crm_call_tasks.started_at; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(started_at) ON TABLE trustcart.crm_call_tasks TO trustcart_service;

--
-- Name: COLUMN crm_call_tasks.completed_at; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(completed_at) ON TABLE trustcart.crm_call_tasks TO trustcart_service;

--
-- Name: FUNCTION claim_next_call(p_agent_id bigint, p_at timestamp with time zone, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.claim_next_call(p_agent_id bigint, p_at timestamp with time zone, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.claim_next_call(p_agent_id bigint, p_at timestamp with time zone, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.claim_next_call(p_agent_id bigint, p_at timestamp with time zone, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION clear_wrong_number(p_customer_id bigint, p_phone text, p_at timestamp with time zone); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.clear_wrong_number(p_customer_id bigint, p_phone text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.clear_wrong_number(p_customer_id bigint, p_phone text, p_at timestamp with time zone) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.clear_wrong_number(p_customer_id bigint, p_phone text, p_at timestamp with time zone) TO trustcart_admin;

--
-- Name: FUNCTION complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_family_member jsonb, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_family_member jsonb, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_family_member jsonb, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_family_member jsonb, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION require_date(p_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.require_date(p_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.require_date(p_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.require_date(p_date date) TO trustcart_admin;

--
-- Name: FUNCTION risk_level_of(p_days integer, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.risk_level_of(p_days integer, p_settings trustcart.settings) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_private.risk_level_of(p_days integer, p_settings trustcart.settings) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_private.risk_level_of(p_days integer, p_settings trustcart.settings) TO trustcart_admin;

--
-- Name: FUNCTION customer_state(p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.customer_state(p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.customer_state(p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.customer_state(p_as_of date) TO trustcart_admin;

--
-- Name: FUNCTION detect_dropoffs(p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.detect_dropoffs(p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.detect_dropoffs(p_as_of date) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.detect_dropoffs(p_as_of date) TO trustcart_jobs;

--
-- Name: FUNCTION drop_reason(p_why text, p_task_type text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.drop_reason(p_why text, p_task_type text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.drop_reason(p_why text, p_task_type text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.drop_reason(p_why text, p_task_type text) TO trustcart_admin;

--
-- Name: FUNCTION find_caller(p_phone text, p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.find_caller(p_phone text, p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.find_caller(p_phone text, p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.find_caller(p_phone text, p_as_of date) TO trustcart_admin;

--
-- Name: FUNCTION flag_wrong_number(p_customer_id bigint, p_task_id bigint, p_at timestamp with time zone); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.flag_wrong_number(p_customer_id bigint, p_task_id bigint, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.flag_wrong_number(p_customer_id bigint, p_task_id bigint, p_at timestamp with time zone) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.flag_wrong_number(p_customer_id bigint, p_task_id bigint, p_at timestamp with time zone) TO trustcart_admin;

--
-- Name: FUNCTION generate_daily_call_tasks(p_task_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date date) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date date) TO trustcart_jobs;

--
-- Name: FUNCTION generate_daily_call_tasks(p_task_date text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date text) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date text) TO trustcart_jobs;

--
-- Name: FUNCTION log_call_attempt(p_task_id bigint, p_outcome text, p_notes text, p_agent_id bigint, p_due_at timestamp with time zone, p_at timestamp with time zone, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.log_call_attempt(p_task_id bigint, p_outcome text, p_notes text, p_agent_id bigint, p_due_at timestamp with time zone, p_at timestamp with time zone, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.log_call_attempt(p_task_id bigint, p_outcome text, p_notes text, p_agent_id bigint, p_due_at timestamp with time zone, p_at timestamp with time zone, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.log_call_attempt(p_task_id bigint, p_outcome text, p_notes text, p_agent_id bigint, p_due_at timestamp with time zone, p_at timestamp with time zone, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION normalize_phone(p_phone text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.normalize_phone(p_phone text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.normalize_phone(p_phone text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.normalize_phone(p_phone text) TO trustcart_admin;

--
-- Name: FUNCTION plan_daily_call_tasks(p_task_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.plan_daily_call_tasks(p_task_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.plan_daily_call_tasks(p_task_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.plan_daily_call_tasks(p_task_date date) TO trustcart_admin;

--
-- Name: FUNCTION reassign_agent_calls(p_agent_id bigint, p_from date, p_until date, p_why text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.reassign_agent_calls(p_agent_id bigint, p_from date, p_until date, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.reassign_agent_calls(p_agent_id bigint, p_from date, p_until date, p_why text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.reassign_agent_calls(p_agent_id bigint, p_from date, p_until date, p_why text) TO trustcart_admin;

--
-- Name: FUNCTION reassign_call_task(p_task_id bigint, p_agent_id bigint, p_why text, p_at timestamp with time zone, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.reassign_call_task(p_task_id bigint, p_agent_id bigint, p_why text, p_at timestamp with time zone, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.reassign_call_task(p_task_id bigint, p_agent_id bigint, p_why text, p_at timestamp with time zone, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.reassign_call_task(p_task_id bigint, p_agent_id bigint, p_why text, p_at timestamp with time zone, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION recommended_action_of(p_lifecycle_stage text, p_customer_type text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.recommended_action_of(p_lifecycle_stage text, p_customer_type text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.recommended_action_of(p_lifecycle_stage text, p_customer_type text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.recommended_action_of(p_lifecycle_stage text, p_customer_type text) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.recommended_action_of(p_lifecycle_stage text, p_customer_type text) TO trustcart_service;

--
-- Name: FUNCTION record_consent(p_customer_id bigint, p_channel text, p_granted boolean, p_source text, p_recorded_by bigint, p_recorded_at timestamp with time zone); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.record_consent(p_customer_id bigint, p_channel text, p_granted boolean, p_source text, p_recorded_by bigint, p_recorded_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.record_consent(p_customer_id bigint, p_channel text, p_granted boolean, p_source text, p_recorded_by bigint, p_recorded_at timestamp with time zone) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.record_consent(p_customer_id bigint, p_channel text, p_granted boolean, p_source text, p_recorded_by bigint, p_recorded_at timestamp with time zone) TO trustcart_admin;

--
-- Name: FUNCTION refresh_customer_behavior(p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.refresh_customer_behavior(p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.refresh_customer_behavior(p_as_of date) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.refresh_customer_behavior(p_as_of date) TO trustcart_jobs;

--
-- Name: FUNCTION refresh_customer_state(p_as_of date, p_rewind boolean); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.refresh_customer_state(p_as_of date, p_rewind boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.refresh_customer_state(p_as_of date, p_rewind boolean) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.refresh_customer_state(p_as_of date, p_rewind boolean) TO trustcart_jobs;

--
-- Name: FUNCTION report_agents(p_month_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.report_agents(p_month_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.report_agents(p_month_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.report_agents(p_month_of date) TO trustcart_admin;

--
-- Name: FUNCTION report_daily(p_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.report_daily(p_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.report_daily(p_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.report_daily(p_date date) TO trustcart_admin;

--
-- Name: FUNCTION report_jobs(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.report_jobs() FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.report_jobs() TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.report_jobs() TO trustcart_admin;

--
-- Name: FUNCTION report_monthly(p_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.report_monthly(p_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.report_monthly(p_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.report_monthly(p_date date) TO trustcart_admin;

--
-- Name: FUNCTION report_segments(p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.report_segments(p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.report_segments(p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.report_segments(p_as_of date) TO trustcart_admin;

--
-- Name: FUNCTION report_weekly(p_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.report_weekly(p_date date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.report_weekly(p_date date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.report_weekly(p_date date) TO trustcart_admin;

--
-- Name: FUNCTION reschedule_call_tasks(p_agent_id bigint, p_to date, p_priorities text[], p_task_date date, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.reschedule_call_tasks(p_agent_id bigint, p_to date, p_priorities text[], p_task_date date, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.reschedule_call_tasks(p_agent_id bigint, p_to date, p_priorities text[], p_task_date date, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.reschedule_call_tasks(p_agent_id bigint, p_to date, p_priorities text[], p_task_date date, p_request_id text) TO trustcart_admin;

--
-- Name: PROCEDURE run_due_jobs(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON PROCEDURE trustcart.run_due_jobs() FROM PUBLIC;
GRANT ALL ON PROCEDURE trustcart.run_due_jobs() TO trustcart_admin;
GRANT ALL ON PROCEDURE trustcart.run_due_jobs() TO trustcart_jobs;

--
-- Name: PROCEDURE run_job(IN p_job_name text, IN p_business_date date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON PROCEDURE trustcart.run_job(IN p_job_name text, IN p_business_date date) FROM PUBLIC;
GRANT ALL ON PROCEDURE trustcart.run_job(IN p_job_name text, IN p_business_date date) TO trustcart_admin;
GRANT ALL ON PROCEDURE trustcart.run_job(IN p_job_name text, IN p_business_date date) TO trustcart_jobs;

--
-- Name: TABLE customer_contact_preferences; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_contact_preferences TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_contact_preferences TO trustcart_admin;

--
-- Name: FUNCTION set_contact_preferences(p_customer_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_language text, p_time_zone text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.set_contact_preferences(p_customer_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_language text, p_time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.set_contact_preferences(p_customer_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_language text, p_time_zone text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.set_contact_preferences(p_customer_id bigint, p_preferred_from time without time zone, p_preferred_until time without time zone, p_language text, p_time_zone text) TO trustcart_admin;

--
-- Name: FUNCTION skip_call_task(p_task_id bigint, p_reason text, p_notes text, p_outcome text, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text, p_notes text, p_outcome text, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text, p_notes text, p_outcome text, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text, p_notes text, p_outcome text, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION snooze_call_task(p_task_id bigint, p_until timestamp with time zone, p_at timestamp with time zone, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.snooze_call_task(p_task_id bigint, p_until timestamp with time zone, p_at timestamp with time zone, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.snooze_call_task(p_task_id bigint, p_until timestamp with time zone, p_at timestamp with time zone, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.snooze_call_task(p_task_id bigint, p_until timestamp with time zone, p_at timestamp with time zone, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION start_call_task(p_task_id bigint, p_agent_id bigint, p_at timestamp with time zone, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.start_call_task(p_task_id bigint, p_agent_id bigint, p_at timestamp with time zone, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.start_call_task(p_task_id bigint, p_agent_id bigint, p_at timestamp with time zone, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.start_call_task(p_task_id bigint, p_agent_id bigint, p_at timestamp with time zone, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION system_health(p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.system_health(p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.system_health(p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.system_health(p_as_of date) TO trustcart_admin;

--
-- Name: FUNCTION to_business_date(p_text text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.to_business_date(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.to_business_date(p_text text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.to_business_date(p_text text) TO trustcart_admin;

--
-- Name: FUNCTION undo_call_outcome(p_task_id bigint, p_at timestamp with time zone, p_request_id text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.undo_call_outcome(p_task_id bigint, p_at timestamp with time zone, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.undo_call_outcome(p_task_id bigint, p_at timestamp with time zone, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.undo_call_outcome(p_task_id bigint, p_at timestamp with time zone, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION upcoming_events(p_days integer, p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.upcoming_events(p_days integer, p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.upcoming_events(p_days integer, p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.upcoming_events(p_days integer, p_as_of date) TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.upcoming_events(p_days integer, p_as_of date) TO trustcart_service;

--
-- Name: FUNCTION update_customer_lifecycle(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.update_customer_lifecycle() FROM PUBLIC;

--
-- Name: FUNCTION version(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.version() FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.version() TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.version() TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.version() TO trustcart_jobs;

--
-- Name: FUNCTION add_family_member(p_customer_id bigint, p_name text, p_relationship text, p_date_of_birth text, p_phone text, p_address text, p_notes text, p_anniversary_date text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.add_family_member(p_customer_id bigint, p_name text, p_relationship text, p_date_of_birth text, p_phone text, p_address text, p_notes text, p_anniversary_date text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.add_family_member(p_customer_id bigint, p_name text, p_relationship text, p_date_of_birth text, p_phone text, p_address text, p_notes text, p_anniversary_date text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.add_family_member(p_customer_id bigint, p_name text, p_relationship text, p_date_of_birth text, p_phone text, p_address text, p_notes text, p_anniversary_date text) TO trustcart_admin;

--
-- Name: FUNCTION agent_performance(p_agent_id bigint, p_start_date text, p_end_date text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.agent_performance(p_agent_id bigint, p_start_date text, p_end_date text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.agent_performance(p_agent_id bigint, p_start_date text, p_end_date text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.agent_performance(p_agent_id bigint, p_start_date text, p_end_date text) TO trustcart_admin;

--
-- Name: FUNCTION behavior(p_customer_id bigint); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.behavior(p_customer_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.behavior(p_customer_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.behavior(p_customer_id bigint) TO trustcart_admin;

--
-- Name: FUNCTION call_tasks_today(p_agent_id bigint, p_date text, p_status text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.call_tasks_today(p_agent_id bigint, p_date text, p_status text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.call_tasks_today(p_agent_id bigint, p_date text, p_status text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.call_tasks_today(p_agent_id bigint, p_date text, p_status text) TO trustcart_admin;

--
-- Name: FUNCTION customer360(p_customer_id bigint); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.customer360(p_customer_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.customer360(p_customer_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.customer360(p_customer_id bigint) TO trustcart_admin;

--
-- Name: FUNCTION dropoff(p_risk_level text, p_limit integer); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.dropoff(p_risk_level text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.dropoff(p_risk_level text, p_limit integer) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.dropoff(p_risk_level text, p_limit integer) TO trustcart_admin;

--
-- Name: FUNCTION family_members(p_customer_id bigint); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.family_members(p_customer_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.family_members(p_customer_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.family_members(p_customer_id bigint) TO trustcart_admin;

--
-- Name: FUNCTION generate_call_tasks(p_task_date text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.generate_call_tasks(p_task_date text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.generate_call_tasks(p_task_date text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.generate_call_tasks(p_task_date text) TO trustcart_admin;

--
-- Name: FUNCTION interactions(p_customer_id bigint, p_limit integer); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.interactions(p_customer_id bigint, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.interactions(p_customer_id bigint, p_limit integer) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.interactions(p_customer_id bigint, p_limit integer) TO trustcart_admin;

--
-- Name: FUNCTION list_customer360(p_customer_type text, p_lifecycle_stage text, p_temperature text, p_limit integer, p_offset integer, p_sort text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.list_customer360(p_customer_type text, p_lifecycle_stage text, p_temperature text, p_limit integer, p_offset integer, p_sort text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.list_customer360(p_customer_type text, p_lifecycle_stage text, p_temperature text, p_limit integer, p_offset integer, p_sort text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.list_customer360(p_customer_type text, p_lifecycle_stage text, p_temperature text, p_limit integer, p_offset integer, p_sort text) TO trustcart_admin;

--
-- Name: FUNCTION log_interaction(p_customer_id bigint, p_interaction_type text, p_direction text, p_subject text, p_details text, p_outcome text, p_agent_id bigint, p_follow_up_date text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.log_interaction(p_customer_id bigint, p_interaction_type text, p_direction text, p_subject text, p_details text, p_outcome text, p_agent_id bigint, p_follow_up_date text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.log_interaction(p_customer_id bigint, p_interaction_type text, p_direction text, p_subject text, p_details text, p_outcome text, p_agent_id bigint, p_follow_up_date text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.log_interaction(p_customer_id bigint, p_interaction_type text, p_direction text, p_subject text, p_details text, p_outcome text, p_agent_id bigint, p_follow_up_date text) TO trustcart_admin;

--
-- Name: FUNCTION upcoming_events(p_days integer); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.upcoming_events(p_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.upcoming_events(p_days integer) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.upcoming_events(p_days integer) TO trustcart_admin;

--
-- Name: FUNCTION update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text, p_due_at text, p_agent_id bigint, p_request_id text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text, p_due_at text, p_agent_id bigint, p_request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text, p_due_at text, p_agent_id bigint, p_request_id text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text, p_due_at text, p_agent_id bigint, p_request_id text) TO trustcart_admin;

--
-- Name: FUNCTION add_agent_calls(p_agent_ids bigint[], p_dates date[], p_planned integer[], p_made integer[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_agent_calls(p_agent_ids bigint[], p_dates date[], p_planned integer[], p_made integer[]) FROM PUBLIC;

--
-- Name: FUNCTION add_customer_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_customer_event_days() FROM PUBLIC;

--
-- Name: FUNCTION add_customer_phones(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_customer_phones() FROM PUBLIC;

--
-- Name: FUNCTION add_family_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_family_event_days() FROM PUBLIC;

--
-- Name: FUNCTION add_family_phones(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_family_phones() FROM PUBLIC;

--
-- Name: FUNCTION add_order(p_order trustcart.sales_orders); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_order(p_order trustcart.sales_orders) FROM PUBLIC;

--
-- Name: FUNCTION advance_customer_state(p_customer_ids bigint[], p_to date, p_settings trustcart.settings, p_new_order_ids bigint[], p_former_orders trustcart.sales_orders[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.advance_customer_state(p_customer_ids bigint[], p_to date, p_settings trustcart.settings, p_new_order_ids bigint[], p_former_orders trustcart.sales_orders[]) FROM PUBLIC;

--
-- Name: FUNCTION agent_capacity(p_date date, p_agent_id bigint, p_calls_per_agent_day integer); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.agent_capacity(p_date date, p_agent_id bigint, p_calls_per_agent_day integer) FROM PUBLIC;

--
-- Name: FUNCTION agent_for_call(p_customer_id bigint, p_task_date date, p_skill text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.agent_for_call(p_customer_id bigint, p_task_date date, p_skill text) FROM PUBLIC;

--
-- Name: TABLE crm_call_task_assignments; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.crm_call_task_assignments TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.crm_call_task_assignments TO trustcart_admin;

--
-- Name: FUNCTION agent_of_task(p_task_id bigint, p_assigned_agent_id bigint, p_at timestamp with time zone); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.agent_of_task(p_task_id bigint, p_assigned_agent_id bigint, p_at timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION agent_suits(p_agent_id bigint, p_language text, p_skill text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.agent_suits(p_agent_id bigint, p_language text, p_skill text) FROM PUBLIC;

--
-- Name: FUNCTION asks_follow_up(p_outcome text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.asks_follow_up(p_outcome text) FROM PUBLIC;

--
-- Name: FUNCTION assign_calls(p_date date, p_customer_ids bigint[], p_own_agents bigint[], p_priority_ranks smallint[], p_languages text[], p_skills text[], p_calls_per_agent_day integer, p_simulation bigint, p_calls_from timestamp with time zone[], p_calls_until timestamp with time zone[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.assign_calls(p_date date, p_customer_ids bigint[], p_own_agents bigint[], p_priority_ranks smallint[], p_languages text[], p_skills text[], p_calls_per_agent_day integer, p_simulation bigint, p_calls_from timestamp with time zone[], p_calls_until timestamp with time zone[]) FROM PUBLIC;

--
-- Name: FUNCTION begin_request(p_request_id text, p_operation text, p_arguments jsonb, p_task_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.begin_request(p_request_id text, p_operation text, p_arguments jsonb, p_task_id bigint) FROM PUBLIC;

--
-- Name: TABLE call_task_types; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.call_task_types TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.call_task_types TO trustcart_admin;

--
-- Name: FUNCTION call_candidates(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.call_candidates(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint) FROM PUBLIC;

--
-- Name: FUNCTION call_hours(p_date date, p_preferred_from time without time zone, p_preferred_until time without time zone, p_time_zone text, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.call_hours(p_date date, p_preferred_from time without time zone, p_preferred_until time without time zone, p_time_zone text, p_settings trustcart.settings) FROM PUBLIC;

--
-- Name: FUNCTION call_plan(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.call_plan(p_date date, p_settings trustcart.settings, p_types trustcart.call_task_types[], p_real_before date, p_simulation bigint) FROM PUBLIC;

--
-- Name: FUNCTION call_refusals(p_before timestamp with time zone, p_customer_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.call_refusals(p_before timestamp with time zone, p_customer_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION cancel_overtaken_tasks(p_customer_ids bigint[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.cancel_overtaken_tasks(p_customer_ids bigint[]) FROM PUBLIC;

--
-- Name: FUNCTION cancel_refused_calls(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.cancel_refused_calls() FROM PUBLIC;

--
-- Name: FUNCTION carry_call_tasks(p_task_ids bigint[], p_to date, p_agent_ids bigint[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.carry_call_tasks(p_task_ids bigint[], p_to date, p_agent_ids bigint[]) FROM PUBLIC;

--
-- Name: FUNCTION claimed_by_another(p_task trustcart.crm_call_tasks, p_agent_id bigint, p_at timestamp with time zone); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.claimed_by_another(p_task trustcart.crm_call_tasks, p_agent_id bigint, p_at timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION contact_history(p_real_before date, p_simulation bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.contact_history(p_real_before date, p_simulation bigint) FROM PUBLIC;

--
-- Name: FUNCTION outcome_word(p_outcome text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.outcome_word(p_outcome text) FROM PUBLIC;

--
-- Name: FUNCTION unreachable_customers(p_before timestamp with time zone, p_customer_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.unreachable_customers(p_before timestamp with time zone, p_customer_id bigint) FROM PUBLIC;

--
-- Name: TABLE call_outcomes; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.call_outcomes TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.call_outcomes TO trustcart_admin;

--
-- Name: FUNCTION contact_blocks(p_date date, p_before timestamp with time zone, p_real_before date, p_simulation bigint, p_settings trustcart.settings, p_customer_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.contact_blocks(p_date date, p_before timestamp with time zone, p_real_before date, p_simulation bigint, p_settings trustcart.settings, p_customer_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION count_agent_calls(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.count_agent_calls() FROM PUBLIC;

--
-- Name: FUNCTION count_customer_links(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.count_customer_links() FROM PUBLIC;

--
-- Name: FUNCTION day_part_of(p_hour integer); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.day_part_of(p_hour integer) FROM PUBLIC;

--
-- Name: FUNCTION derive_call_task(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.derive_call_task() FROM PUBLIC;

--
-- Name: FUNCTION derive_customer(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.derive_customer() FROM PUBLIC;

--
-- Name: FUNCTION derive_customer_behavior(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.derive_customer_behavior() FROM PUBLIC;

--
-- Name: FUNCTION derive_dropoff(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.derive_dropoff() FROM PUBLIC;

--
-- Name: FUNCTION derive_family_member(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.derive_family_member() FROM PUBLIC;

--
-- Name: FUNCTION dropoff_levels(p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.dropoff_levels(p_settings trustcart.settings) FROM PUBLIC;

--
-- Name: FUNCTION dropoff_reason_of(p_after_days integer); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.dropoff_reason_of(p_after_days integer) FROM PUBLIC;

--
-- Name: FUNCTION events_to_greet(p_task_date date, p_types trustcart.call_task_types[], p_real_before date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.events_to_greet(p_task_date date, p_types trustcart.call_task_types[], p_real_before date) FROM PUBLIC;

--
-- Name: FUNCTION finish_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.finish_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION free_agent_calls(p_agent_ids bigint[], p_dates date[], p_calls integer[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.free_agent_calls(p_agent_ids bigint[], p_dates date[], p_calls integer[]) FROM PUBLIC;

--
-- Name: FUNCTION hand_over_on_departure(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.hand_over_on_departure() FROM PUBLIC;

--
-- Name: FUNCTION hand_over_on_leave(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.hand_over_on_leave() FROM PUBLIC;

--
-- Name: FUNCTION is_amount(p_text text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.is_amount(p_text text) FROM PUBLIC;

--
-- Name: FUNCTION is_calendar_date(p_text text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.is_calendar_date(p_text text) FROM PUBLIC;

--
-- Name: FUNCTION is_instant(p_text text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.is_instant(p_text text) FROM PUBLIC;

--
-- Name: FUNCTION keep_contact_days_of_attempts(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.keep_contact_days_of_attempts() FROM PUBLIC;

--
-- Name: FUNCTION keep_contact_days_of_interactions(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.keep_contact_days_of_interactions() FROM PUBLIC;

--
-- Name: FUNCTION learn_family_member(p_customer_id bigint, p_member jsonb); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.learn_family_member(p_customer_id bigint, p_member jsonb) FROM PUBLIC;

--
-- Name: FUNCTION lock_customer_of_task(p_task_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.lock_customer_of_task(p_task_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION lock_customers(p_customer_ids bigint[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.lock_customers(p_customer_ids bigint[]) FROM PUBLIC;

--
-- Name: FUNCTION lock_open_task(p_task_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.lock_open_task(p_task_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION log_completed_call(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.log_completed_call() FROM PUBLIC;

--
-- Name: FUNCTION log_task_assignment(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.log_task_assignment() FROM PUBLIC;

--
-- Name: FUNCTION longest_stretch(p_hours tstzmultirange); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.longest_stretch(p_hours tstzmultirange) FROM PUBLIC;

--
-- Name: FUNCTION mark_behavior_due(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.mark_behavior_due() FROM PUBLIC;

--
-- Name: FUNCTION mark_recovery_attempts(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.mark_recovery_attempts() FROM PUBLIC;

--
-- Name: FUNCTION move_contact_days(p_customer_ids bigint[], p_instants timestamp with time zone[], p_channels text[], p_added bigint[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.move_contact_days(p_customer_ids bigint[], p_instants timestamp with time zone[], p_channels text[], p_added bigint[]) FROM PUBLIC;

--
-- Name: FUNCTION next_claimable_call(p_agent_id bigint, p_task_date date, p_at timestamp with time zone, p_void_before timestamp with time zone, p_passed bigint[], p_pool boolean, OUT task_id bigint, OUT customer_id bigint, OUT is_pool boolean); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.next_claimable_call(p_agent_id bigint, p_task_date date, p_at timestamp with time zone, p_void_before timestamp with time zone, p_passed bigint[], p_pool boolean, OUT task_id bigint, OUT customer_id bigint, OUT is_pool boolean) FROM PUBLIC;

--
-- Name: FUNCTION next_working_day(p_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.next_working_day(p_date date) FROM PUBLIC;

--
-- Name: FUNCTION number_to_dial(p_customer_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.number_to_dial(p_customer_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION open_follow_ups(p_task_date date, p_real_before date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.open_follow_ups(p_task_date date, p_real_before date) FROM PUBLIC;

--
-- Name: FUNCTION order_fingerprint(p_customer_id bigint, p_order_date date, p_ordered_at timestamp with time zone, p_total_amount numeric, p_status text, p_payment_method text, p_notes text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.order_fingerprint(p_customer_id bigint, p_order_date date, p_ordered_at timestamp with time zone, p_total_amount numeric, p_status text, p_payment_method text, p_notes text) FROM PUBLIC;

--
-- Name: FUNCTION overridden_rows(p_table regclass, p_rows jsonb, p_overrides jsonb, p_columns text[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.overridden_rows(p_table regclass, p_rows jsonb, p_overrides jsonb, p_columns text[]) FROM PUBLIC;

--
-- Name: FUNCTION parse_date(p_text text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.parse_date(p_text text) FROM PUBLIC;

--
-- Name: FUNCTION parse_instant(p_text text, p_time_zone text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.parse_instant(p_text text, p_time_zone text) FROM PUBLIC;

--
-- Name: FUNCTION period_report(p_from date, p_to date, p_previous_from date, p_previous_to date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.period_report(p_from date, p_to date, p_previous_from date, p_previous_to date) FROM PUBLIC;

--
-- Name: FUNCTION phone_key(p_phone text, p_phone_e164 text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.phone_key(p_phone text, p_phone_e164 text) FROM PUBLIC;

--
-- Name: FUNCTION recompute_recovery(p_customer_id bigint, p_contacted_at timestamp with time zone); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.recompute_recovery(p_customer_id bigint, p_contacted_at timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION recomputed_figures(p_customer_ids bigint[], p_as_of date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.recomputed_figures(p_customer_ids bigint[], p_as_of date) FROM PUBLIC;

--
-- Name: FUNCTION recount_contact_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.recount_contact_days() FROM PUBLIC;

--
-- Name: FUNCTION recount_status(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.recount_status() FROM PUBLIC;

--
-- Name: FUNCTION refusal_of_call(p_customer_id bigint, p_at timestamp with time zone, OUT reason text, OUT sqlstate text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.refusal_of_call(p_customer_id bigint, p_at timestamp with time zone, OUT reason text, OUT sqlstate text) FROM PUBLIC;

--
-- Name: FUNCTION refuse_consent_change(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.refuse_consent_change() FROM PUBLIC;

--
-- Name: FUNCTION release_void_claims(p_task_date date, p_void_before timestamp with time zone); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.release_void_claims(p_task_date date, p_void_before timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION relevel_dropoffs(p_as_of date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.relevel_dropoffs(p_as_of date) FROM PUBLIC;

--
-- Name: FUNCTION renew_contact_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.renew_contact_days() FROM PUBLIC;

--
-- Name: FUNCTION require_agent(p_agent_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.require_agent(p_agent_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION require_customer(p_customer_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.require_customer(p_customer_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION set_updated_at(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.set_updated_at() FROM PUBLIC;

--
-- Name: FUNCTION simulated_rules(p_overrides jsonb, OUT p_settings trustcart.settings, OUT p_types trustcart.call_task_types[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.simulated_rules(p_overrides jsonb, OUT p_settings trustcart.settings, OUT p_types trustcart.call_task_types[]) FROM PUBLIC;

--
-- Name: FUNCTION staffed_hours(p_date date, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.staffed_hours(p_date date, p_settings trustcart.settings) FROM PUBLIC;

--
-- Name: FUNCTION sync_customer_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_customer_event_days() FROM PUBLIC;

--
-- Name: FUNCTION sync_customer_phones(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_customer_phones() FROM PUBLIC;

--
-- Name: FUNCTION sync_dropoffs(p_customer_ids bigint[], p_as_of date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_dropoffs(p_customer_ids bigint[], p_as_of date) FROM PUBLIC;

--
-- Name: FUNCTION sync_family_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_family_event_days() FROM PUBLIC;

--
-- Name: FUNCTION sync_family_phones(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_family_phones() FROM PUBLIC;

--
-- Name: FUNCTION unanswered_customers(p_customer_ids bigint[], p_date date, p_settings trustcart.settings); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.unanswered_customers(p_customer_ids bigint[], p_date date, p_settings trustcart.settings) FROM PUBLIC;

--
-- Name: FUNCTION write_call_list(p_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.write_call_list(p_date date) FROM PUBLIC;

--
-- Name: FUNCTION write_customer_state(p_figures trustcart_private.customer_figures[], p_as_of date, p_cause text, p_are_increments boolean); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.write_customer_state(p_figures trustcart_private.customer_figures[], p_as_of date, p_cause text, p_are_increments boolean) FROM PUBLIC;

--
-- Name: TABLE agent_days; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.agent_days TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.agent_days TO trustcart_admin;

--
-- Name: TABLE agent_languages; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.agent_languages TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.agent_languages TO trustcart_admin;

--
-- Name: TABLE agent_leave; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.agent_leave TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.agent_leave TO trustcart_admin;

--
-- Name: TABLE users; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.users TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.users TO trustcart_admin;

--
-- Name: COLUMN users.id; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(id) ON TABLE trustcart.users TO trustcart_service;

--
-- Name: COLUMN users.name; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(name) ON TABLE trustcart.users TO trustcart_service;

--
-- Name: COLUMN users.role; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT(role) ON TABLE trustcart.users TO trustcart_service;

--
-- Name: TABLE agent_performance_dashboard; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.agent_performance_dashboard TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.agent_performance_dashboard TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.agent_performance_dashboard TO trustcart_service;

--
-- Name: TABLE agent_skills; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.agent_skills TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.agent_skills TO trustcart_admin;

--
-- Name: TABLE agent_working_hours; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.agent_working_hours TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.agent_working_hours TO trustcart_admin;

--
-- Name: TABLE call_scripts; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.call_scripts TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.call_scripts TO trustcart_admin;

--
-- Name: TABLE call_waiting_list; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.call_waiting_list TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.call_waiting_list TO trustcart_admin;

--
-- Name: TABLE carts; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.carts TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.carts TO trustcart_admin;

--
-- Name: TABLE categories; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.categories TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.categories TO trustcart_admin;

--
-- Name: TABLE crm_call_attempts; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.crm_call_attempts TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.crm_call_attempts TO trustcart_admin;

--
-- Name: TABLE customer_360_view; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_360_view TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_360_view TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.customer_360_view TO trustcart_service;

--
-- Name: TABLE customer_consents; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_consents TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_consents TO trustcart_admin;

--
-- Name: TABLE customer_dropoff_tracking; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_dropoff_tracking TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_dropoff_tracking TO trustcart_admin;

--
-- Name: TABLE customer_event_days; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_event_days TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_event_days TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.customer_event_days TO trustcart_service;

--
-- Name: TABLE customer_intelligence; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_intelligence TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_intelligence TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.customer_intelligence TO trustcart_service;

--
-- Name: TABLE customer_phone_flags; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.customer_phone_flags TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.customer_phone_flags TO trustcart_admin;

--
-- Name: TABLE job_runs; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.job_runs TO trustcart_manager;
GRANT SELECT,INSERT,UPDATE ON TABLE trustcart.job_runs TO trustcart_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE trustcart.job_runs TO trustcart_jobs;

--
-- Name: TABLE job_schedules; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.job_schedules TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.job_schedules TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.job_schedules TO trustcart_jobs;

--
-- Name: TABLE products; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.products TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.products TO trustcart_admin;

--
-- Name: TABLE sales_order_items; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.sales_order_items TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.sales_order_items TO trustcart_admin;

--
-- Name: TABLE shop_holidays; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.shop_holidays TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.shop_holidays TO trustcart_admin;

--
-- Name: TABLE upcoming_birthdays_anniversaries; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.upcoming_birthdays_anniversaries TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.upcoming_birthdays_anniversaries TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.upcoming_birthdays_anniversaries TO trustcart_service;

--
-- PostgreSQL database dump complete
--

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
    CONSTRAINT settings_cart_abandoned_after_positive CHECK ((cart_abandoned_after > '00:00:00'::interval)),
    CONSTRAINT settings_cart_recovery_days_positive CHECK (((cart_recovery_days >= 1) AND (cart_recovery_days <= 365))),
    CONSTRAINT settings_dropoff_in_order CHECK (((dropoff_low_after_days >= 0) AND (dropoff_low_after_days < dropoff_medium_after_days) AND (dropoff_medium_after_days < dropoff_high_after_days) AND (dropoff_high_after_days < dropoff_critical_after_days) AND (dropoff_critical_after_days <= 36500))),
    CONSTRAINT settings_inactive_positive CHECK (((inactive_from_days >= 1) AND (inactive_from_days <= 36500))),
    CONSTRAINT settings_lifecycle_in_order CHECK (((at_risk_from_days >= 1) AND (at_risk_from_days <= churned_after_days) AND (churned_after_days <= 36500))),
    CONSTRAINT settings_one_row CHECK (id),
    CONSTRAINT settings_preferred_category_count_positive CHECK (((preferred_category_count >= 1) AND (preferred_category_count <= 100))),
    CONSTRAINT settings_temperature_in_order CHECK (((hot_within_days >= 0) AND (hot_within_days < warm_within_days) AND (warm_within_days <= 36500))),
    CONSTRAINT settings_time_zone_known CHECK (trustcart_private.is_time_zone(time_zone)),
    CONSTRAINT settings_vip_order_count_above_new CHECK ((vip_order_count >= 2)),
    CONSTRAINT settings_vip_spend_positive CHECK (((vip_spend > (0)::numeric) AND (vip_spend < '1000000000000'::numeric)))
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
             (count(*) FILTER (WHERE (so.order_date <= c_1.state_as_of)))::integer AS order_count,
             sum(so.total_amount) FILTER (WHERE (so.order_date <= c_1.state_as_of)) AS total_spend,
             min(so.order_date) FILTER (WHERE (so.order_date <= c_1.state_as_of)) AS first_order_date,
             max(so.order_date) FILTER (WHERE (so.order_date <= c_1.state_as_of)) AS last_order_date,
             min(so.order_date) FILTER (WHERE (so.order_date > c_1.state_as_of)) AS next_order_date
            FROM ((trustcart.sales_orders so
              JOIN trustcart.order_statuses os ON (((so.status = os.status) AND os.counts)))
              JOIN trustcart.customers c_1 ON ((so.customer_id = c_1.id)))
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
   WHERE (v.maintained IS DISTINCT FROM v.recomputed);
END;

--
-- Name: FUNCTION check_customer_state(); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.check_customer_state() IS 'Every maintained figure that differs from its recomputation from the orders, as of the date each customer''s state
speaks of, and every history that does not end in the present label. No rows is right.';

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
    CONSTRAINT crm_call_tasks_closed_at_when_closed CHECK (((status = 'pending'::text) = (closed_at IS NULL))),
    CONSTRAINT crm_call_tasks_completed_at_when_completed CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT crm_call_tasks_follow_up_date_sane CHECK (((follow_up_date >= '1900-01-01'::date) AND (follow_up_date < '2200-01-01'::date))),
    CONSTRAINT crm_call_tasks_not_own_predecessor CHECK ((predecessor_id <> id)),
    CONSTRAINT crm_call_tasks_priority_known CHECK ((priority = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text]))),
    CONSTRAINT crm_call_tasks_reasons_list CHECK ((jsonb_typeof(reasons) = 'array'::text)),
    CONSTRAINT crm_call_tasks_source_known CHECK ((source = ANY (ARRAY['generated'::text, 'manual'::text]))),
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

COMMENT ON COLUMN trustcart.crm_call_tasks.source IS 'generated by the daily plan, or manual.';

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
-- Name: complete_call_task(bigint, text, text, date, bigint); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text DEFAULT NULL::text, p_follow_up_date date DEFAULT NULL::date, p_agent_id bigint DEFAULT NULL::bigint) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_task trustcart.crm_call_tasks := trustcart_private.lock_open_task(p_task_id);
begin
    if nullif(btrim(p_outcome), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'outcome is required',
            hint = 'Say what came of it: successful, no_answer, follow_up_needed, not_interested; more may follow.';
    end if;
    if p_follow_up_date is not null
        and trustcart_private.require_date(p_follow_up_date) <= trustcart.business_date() then
        raise exception using
            errcode = 'TC204',
            message = format('follow_up_date %s is not after today', p_follow_up_date),
            hint = 'Give a later date, or none: the outcome follow_up_needed alone is due the next working day.';
    end if;

    -- The interaction and the attempt are written by the table's trigger, as for any task that becomes completed.
    update trustcart.crm_call_tasks as t
    set
        status = 'completed',
        outcome = btrim(p_outcome),
        notes = coalesce(p_notes, t.notes),
        follow_up_date = p_follow_up_date,
        assigned_agent_id = case
            when p_agent_id is null then t.assigned_agent_id else trustcart_private.require_agent(p_agent_id)
        end
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;

--
-- Name: FUNCTION complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint) IS 'Completes a pending task with its outcome, whose first word decides, and writes the interaction and the attempt along.
p_notes null keeps the notes; p_agent_id is who called, if not whom it was assigned to. Returns the task. TC001 date,
TC003 without id or outcome, TC004 no such task or user, TC101, TC102, TC103 when it is closed, TC201 agent, TC204
follow_up_date not after today.';

--
-- Name: create_call_task(bigint, text, text, date, bigint, text, timestamp with time zone); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text DEFAULT NULL::text, p_task_date date DEFAULT NULL::date, p_assigned_agent_id bigint DEFAULT NULL::bigint, p_notes text DEFAULT NULL::text, p_due_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_today date := trustcart.business_date();
    v_settings trustcart.settings;
    v_customer trustcart.customers;
    v_type trustcart.call_task_types;
    v_due_on date;
    v_task_date date;
    v_id bigint;
begin
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
            message = format('%s is past', case when v_task_date < v_today then v_task_date::text else 'due_at' end),
            hint = 'A call can be planned for today or later.';
    elsif v_due_on <> v_task_date then
        raise exception using
            errcode = 'TC005',
            message = format('due_at falls on %s, the task on %s', v_due_on, v_task_date),
            hint = 'Give one of the two, or both for one day.';
    end if;

    insert into trustcart.crm_call_tasks (
        customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, due_at
    )
    values (
        p_customer_id,
        case
            when p_assigned_agent_id is null
                then trustcart_private.agent_for_call(p_customer_id, v_task_date)
            else trustcart_private.require_agent(p_assigned_agent_id)
        end,
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
        p_due_at
    )
    returning id into v_id;
    return v_id;
end;
$$;

--
-- Name: FUNCTION create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone) IS 'Creates a call task by hand, of any enabled type; returns its id. p_priority defaults to that of the customer, at least
the type''s; p_task_date to the day of p_due_at, else today; p_assigned_agent_id to the customer''s own agent, else the
least loaded. TC001 date, TC002 type or priority, TC003 missing, TC004 no such customer or user, TC005 dates that
disagree, TC201 agent, TC202 customer inactive, TC203 type disabled, TC204 past (guide: "createCallTask").';

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
-- Name: generate_daily_call_tasks(date); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.generate_daily_call_tasks(p_task_date date DEFAULT trustcart.business_date()) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_date date := trustcart_private.require_date(p_task_date);
    v_planned integer;
    v_dropped integer;
    v_created integer;
    v_breakdown jsonb;
begin
    -- Two sessions that generate one day follow each other: the second finds the day written.
    perform pg_advisory_xact_lock(hashtextextended('trustcart.generate_daily_call_tasks', v_date - date '2000-01-01'));

    with planned as materialized (
        select p.*
        from trustcart.plan_daily_call_tasks(v_date) as p
    ),

    created as (
        insert into trustcart.crm_call_tasks (
            customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, reasons
        )
        select
            p.customer_id,
            p.agent_id,
            p.task_type,
            p.priority,
            v_date,
            p.notes,
            'generated',
            p.reasons
        from planned as p
        where
            p.decision = 'kept'
            and not exists (
                select from trustcart.crm_call_tasks as t
                where t.customer_id = p.customer_id and t.task_date = v_date and t.source = 'generated'
            )
        order by p.customer_id
        on conflict (customer_id, task_date) where source = 'generated' do nothing
        returning task_type
    )

    select
        (select count(*) from planned as p where p.decision = 'kept'),
        (select count(*) from planned as p where p.decision = 'dropped'),
        coalesce(sum(c.tasks), 0),
        coalesce(jsonb_object_agg(c.task_type, c.tasks), '{}')
    into v_planned, v_dropped, v_created, v_breakdown
    from (
        select
            n.task_type,
            count(*) as tasks
        from created as n
        group by n.task_type
    ) as c;

    return jsonb_build_object(
        'message', format('Generated %s call tasks for %s', v_created, v_date),
        'breakdown', v_breakdown,
        'task_date', v_date,
        'created', v_created,
        'already_there', v_planned - v_created,
        'dropped', v_dropped,
        'total', (
            select count(*)
            from trustcart.crm_call_tasks as t
            where t.task_date = v_date and t.source = 'generated'
        )
    );
end;
$$;

--
-- Name: FUNCTION generate_daily_call_tasks(p_task_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.generate_daily_call_tasks(p_task_date date) IS 'Daily job (guide: "Daily Call Task Generation"): writes the kept rows of plan_daily_call_tasks() as pending tasks, at
most one generated task a customer and day. Run again, or by two sessions at once, it writes only what is missing and
changes no task. Returns {"message", "breakdown": tasks written by type, "task_date", "created", "already_there",
"dropped", "total": the generated tasks of the date}. TC001 for the date.';

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

CREATE FUNCTION trustcart.plan_daily_call_tasks(p_task_date date DEFAULT trustcart.business_date()) RETURNS TABLE(customer_id bigint, task_type text, priority text, reasons jsonb, agent_id bigint, decision text, why text, priority_rank smallint, why_agent text, notes text, order_count integer, total_spend numeric, last_order_date date, days_since_last_order integer, customer_type text, lifecycle_stage text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    AS $$
#variable_conflict use_column
declare
    v_date date := trustcart_private.require_date(p_task_date);
    v_settings trustcart.settings;
    v_day_begins timestamptz;
    v_follow_up trustcart.call_task_types;
    v_birthday trustcart.call_task_types;
    v_anniversary trustcart.call_task_types;
    v_new trustcart.call_task_types;
    v_risk trustcart.call_task_types;
    v_repeat trustcart.call_task_types;
    v_calls_from date;
begin
    select s.* into v_settings from trustcart.settings as s;
    select t.* into v_follow_up from trustcart.call_task_types as t where t.task_type = 'follow_up';
    select t.* into v_birthday from trustcart.call_task_types as t where t.task_type = 'birthday';
    select t.* into v_anniversary from trustcart.call_task_types as t where t.task_type = 'anniversary';
    select t.* into v_new from trustcart.call_task_types as t where t.task_type = 'new_customer';
    select t.* into v_risk from trustcart.call_task_types as t where t.task_type = 'at_risk';
    select t.* into v_repeat from trustcart.call_task_types as t where t.task_type = 'repeat_reminder';
    -- What the plan knows ends where the day begins.
    v_day_begins := v_date::timestamp at time zone v_settings.time_zone;
    -- Calls before this day matter to no cadence but that of an episode.
    v_calls_from := v_date - greatest(
        v_new.window_days, v_repeat.window_days, v_follow_up.min_gap_days, v_birthday.min_gap_days,
        v_anniversary.min_gap_days, v_new.min_gap_days, v_risk.min_gap_days, v_risk.win_back_gap_days,
        v_repeat.min_gap_days
    );

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
            (c.last_order_date is null or c.last_order_date < v_date)
            and (c.next_order_date is null or c.next_order_date >= v_date)
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
                and so.order_date < v_date
                and so.status in (select os.status from trustcart.order_statuses as os where os.counts)
        ) as o
        where
            c.last_order_date >= v_date
            -- state_valid_until is never after next_order_date, and has the index.
            or (c.state_valid_until < v_date and c.next_order_date < v_date)
    ),

    states as (
        select
            f.*,
            v_date - f.last_order_date as days,
            trustcart_private.customer_type_of(
                f.order_count, f.total_spend, v_date - f.last_order_date, v_settings
            ) as customer_type,
            trustcart_private.lifecycle_stage_of(
                f.order_count, v_date - f.last_order_date, v_settings
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
            v_date - s.first_order_date <= v_new.window_days as is_new,
            case
                when s.customer_type = 'inactive' then s.last_order_date + v_settings.inactive_from_days
                when s.lifecycle_stage = 'at_risk' then s.last_order_date + v_settings.at_risk_from_days
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
            max(x.subject) as subject,
            max(x.details) as details,
            max(x.birthday) as birthday,
            jsonb_agg(x.fact order by x.birthday, x.fact) filter (
                where x.birthday is not null and not x.is_greeted
            ) as birthdays,
            max(x.anniversary) as anniversary,
            jsonb_agg(x.fact order by x.anniversary, x.fact) filter (
                where x.anniversary is not null and not x.is_greeted
            ) as anniversaries,
            max(x.manual_task_id) as manual_task_id
        from (
            select
                a.customer_id,
                a.asked_on,
                a.due_on,
                a.subject,
                a.details,
                null::date as birthday,
                null::date as anniversary,
                null::jsonb as fact,
                null::boolean as is_greeted,
                null::bigint as manual_task_id
            from trustcart_private.open_follow_ups(v_date) as a
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
                null
            from trustcart_private.events_to_greet(v_date) as e
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
                t.id
            from trustcart.crm_call_tasks as t
            where
                t.task_date = v_date
                and t.source = 'manual'
                and t.created_at < v_day_begins
                and (t.closed_at >= v_day_begins) is not false
        ) as x
        group by x.customer_id
    ),

    candidates as (
        select
            d.*,
            o.asked_on,
            o.due_on,
            o.subject,
            o.details,
            o.birthday,
            o.birthdays,
            o.anniversary,
            o.anniversaries,
            o.manual_task_id,
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
        left join lateral (
            -- The days on which the customer was called, however often on one.
            select
                max(c.called_on) as last_call,
                count(*) filter (where c.called_on >= d.first_order_date) as calls_as_new,
                count(*) filter (where c.called_on >= d.at_risk_from) as calls_at_risk,
                count(*) filter (where c.called_on > v_date - v_repeat.window_days) as calls_to_remind
            from (
                select (i.interaction_date at time zone v_settings.time_zone)::date as called_on
                from trustcart.customer_interactions as i
                where
                    i.customer_id = d.customer_id
                    and i.interaction_type = 'call'
                    and i.direction = 'outbound'
                    and i.interaction_date < v_day_begins
                    and i.interaction_date
                    >= least(v_calls_from, d.at_risk_from)::timestamp at time zone v_settings.time_zone
                union
                select (a.attempted_at at time zone v_settings.time_zone)::date
                from trustcart.crm_call_attempts as a
                where
                    a.customer_id = d.customer_id
                    and a.attempted_at < v_day_begins
                    and a.attempted_at
                    >= least(v_calls_from, d.at_risk_from)::timestamp at time zone v_settings.time_zone
                union
                select (t.completed_at at time zone v_settings.time_zone)::date
                from trustcart.crm_call_tasks as t
                where
                    t.customer_id = d.customer_id
                    and t.completed_at < v_day_begins
                    and t.completed_at
                    >= least(v_calls_from, d.at_risk_from)::timestamp at time zone v_settings.time_zone
            ) as c
        ) as k on true
        where
            d.is_new or d.at_risk_from is not null or d.is_repeat
            or o.due_on is not null or o.birthday is not null or o.anniversary is not null
    ),

    -- Of each rule that has the customer: what speaks against the call. Null where nothing does.
    judged as (
        select
            c.*,
            case
                when not c.is_active then 'the customer is inactive'
                when c.manual_task_id is not null then format('has a task already: %s', c.manual_task_id)
            end as no_call,
            case
                when c.due_on is null then null
                when not (v_follow_up.is_enabled and v_follow_up.is_generated) then 'type disabled'
                when v_date - c.last_call < v_follow_up.min_gap_days then format('called on %s', c.last_call)
            end as no_follow_up,
            case
                when c.birthday is null then null
                when not (v_birthday.is_enabled and v_birthday.is_generated) then 'type disabled'
                when c.birthdays is null then 'called for it already'
                when v_date - c.last_call < v_birthday.min_gap_days then format('called on %s', c.last_call)
            end as no_birthday,
            case
                when c.anniversary is null then null
                when not (v_anniversary.is_enabled and v_anniversary.is_generated) then 'type disabled'
                when c.anniversaries is null then 'called for it already'
                when v_date - c.last_call < v_anniversary.min_gap_days then format('called on %s', c.last_call)
            end as no_anniversary,
            case
                when c.is_new is not true then null
                when not (v_new.is_enabled and v_new.is_generated) then 'type disabled'
                when c.calls_as_new >= c.max_as_new
                    then format('cadence exhausted, %s calls since the first order', c.calls_as_new)
                when v_date - c.last_call < v_new.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_new.min_gap_days)
            end as no_new,
            case
                when c.at_risk_from is null then null
                when not (v_risk.is_enabled and v_risk.is_generated) then 'type disabled'
                when c.calls_at_risk >= c.max_at_risk
                    then format('cadence exhausted, %s calls since %s', c.calls_at_risk, c.at_risk_from)
                when v_date - c.last_call < c.gap_at_risk
                    then format('called on %s, less than %s days ago', c.last_call, c.gap_at_risk)
            end as no_at_risk,
            case
                when c.is_repeat is not true then null
                when not (v_repeat.is_enabled and v_repeat.is_generated) then 'type disabled'
                when c.calls_to_remind >= c.max_to_remind
                    then format('cadence exhausted, %s calls in %s days', c.calls_to_remind, v_repeat.window_days)
                when v_date - c.last_call < v_repeat.min_gap_days
                    then format('called on %s, less than %s days ago', c.last_call, v_repeat.min_gap_days)
            end as no_repeat
        from candidates as c
        offset 0
    ),

    ranked as (
        select
            j.*,
            case when j.due_on is not null and j.no_follow_up is null then v_follow_up.rank end as asked_rank,
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
                r.asked_rank, r.birthday_rank, r.anniversary_rank, r.new_rank, r.risk_rank, r.repeat_rank
            ) as first_rank,
            -- what a customer without a call would have been called for
            least(
                case when r.no_follow_up is not null then v_follow_up.rank end,
                case when r.no_birthday is not null then v_birthday.rank end,
                case when r.no_anniversary is not null then v_anniversary.rank end,
                case when r.no_new is not null then v_new.rank end,
                case when r.no_at_risk is not null then v_risk.rank end,
                case when r.no_repeat is not null then v_repeat.rank end
            ) as refused_rank
        from ranked as r
        offset 0
    ),

    decided as (
        select
            n.*,
            n.first_rank is not null and n.no_call is null as is_kept,
            case coalesce(n.first_rank, n.refused_rank)
                when v_follow_up.rank then 'follow_up'
                when v_birthday.rank then 'birthday'
                when v_anniversary.rank then 'anniversary'
                when v_new.rank then 'new_customer'
                when v_risk.rank then 'at_risk'
                else 'repeat_reminder'
            end as task_type,
            least(
                case
                    when n.order_count >= v_settings.vip_order_count or n.total_spend >= v_settings.vip_spend then 1
                    when n.lifecycle_stage = 'at_risk' then 2
                    else 3
                end,
                case when n.asked_rank is not null then p.follow_up end,
                case when n.birthday_rank is not null then p.birthday end,
                case when n.anniversary_rank is not null then p.anniversary end,
                case when n.new_rank is not null then p.new_customer end,
                case when n.risk_rank is not null then p.at_risk end,
                case when n.repeat_rank is not null then p.repeat_reminder end
            )::smallint as priority_rank
        from named as n
        cross join (
            select
                array_position(array['hot', 'warm', 'cold'], v_follow_up.base_priority) as follow_up,
                array_position(array['hot', 'warm', 'cold'], v_birthday.base_priority) as birthday,
                array_position(array['hot', 'warm', 'cold'], v_anniversary.base_priority) as anniversary,
                array_position(array['hot', 'warm', 'cold'], v_new.base_priority) as new_customer,
                array_position(array['hot', 'warm', 'cold'], v_risk.base_priority) as at_risk,
                array_position(array['hot', 'warm', 'cold'], v_repeat.base_priority) as repeat_reminder
        ) as p
    ),

    -- Each customer's own agent calls, if active. The others' calls are dealt out, the most important first, so that
    -- the loads end as level as those of the own customers allow.
    agents as (
        select
            u.id,
            count(d.customer_id) as own_calls
        from trustcart.users as u
        left join decided as d on u.id = d.assigned_agent_id and d.is_kept
        where u.role = 'crm_agent' and u.is_active
        group by u.id
    ),

    to_deal as (
        select
            d.customer_id,
            row_number() over (order by d.priority_rank, d.total_spend desc, d.customer_id) as place
        from decided as d
        where d.is_kept and not exists (select from agents as a where a.id = d.assigned_agent_id)
    ),

    -- The level to which the calls fill up the agents: as of water poured over steps.
    levels as (
        select
            ceil(min(
                ((select count(*) from to_deal as t) + s.own_calls_below) / s.agents_below
            )) as level
        from (
            select
                sum(a.own_calls) over w as own_calls_below,
                count(*) over w as agents_below
            from agents as a
            window w as (order by a.own_calls, a.id rows unbounded preceding)
        ) as s
    ),

    seats as (
        select
            a.id as agent_id,
            row_number() over (order by g.load, a.id) as place
        from agents as a
        cross join levels as l
        cross join lateral generate_series(a.own_calls + 1, l.level::bigint) as g (load)
    ),

    kept as (
        select
            d.*,
            coalesce(own.id, s.agent_id) as agent_id,
            case
                when own.id is not null then 'the customer''s own agent'
                when s.agent_id is not null then 'the least loaded agent'
                else 'no active agent'
            end as why_agent,
            array_remove(
                array[
                    case
                        when d.asked_rank is not null then jsonb_build_object(
                            'task_type', 'follow_up', 'rank', d.asked_rank, 'asked_on', d.asked_on,
                            'due_on', d.due_on
                        )
                    end,
                    case
                        when d.birthday_rank is not null then jsonb_build_object(
                            'task_type', 'birthday', 'rank', d.birthday_rank, 'events', d.birthdays
                        )
                    end,
                    case
                        when d.anniversary_rank is not null then jsonb_build_object(
                            'task_type', 'anniversary', 'rank', d.anniversary_rank, 'events', d.anniversaries
                        )
                    end,
                    case
                        when d.new_rank is not null then jsonb_build_object(
                            'task_type', 'new_customer', 'rank', d.new_rank,
                            'first_order_date', d.first_order_date, 'calls_before', d.calls_as_new
                        )
                    end,
                    case
                        when d.risk_rank is not null then jsonb_build_object(
                            'task_type', 'at_risk', 'rank', d.risk_rank,
                            'phase', case when d.customer_type = 'inactive' then 'win_back' else 'at_risk' end,
                            'last_order_date', d.last_order_date, 'calls_before', d.calls_at_risk
                        )
                    end,
                    case
                        when d.repeat_rank is not null then jsonb_build_object(
                            'task_type', 'repeat_reminder', 'rank', d.repeat_rank,
                            'last_order_date', d.last_order_date, 'avg_days_between_orders', d.rhythm,
                            'calls_before', d.calls_to_remind
                        )
                    end
                ],
                null
            ) as facts
        from decided as d
        left join agents as own on d.assigned_agent_id = own.id
        left join to_deal as t on d.customer_id = t.customer_id
        left join seats as s on t.place = s.place
        where d.is_kept
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
            end
        ),
        k.priority_rank,
        k.why_agent,
        case when k.asked_rank is not null then coalesce(k.details, k.subject) end,
        k.order_count,
        k.total_spend,
        k.last_order_date,
        k.days,
        k.customer_type,
        k.lifecycle_stage
    from kept as k
    union all
    select
        d.customer_id,
        d.task_type,
        case d.priority_rank when 1 then 'hot' when 2 then 'warm' else 'cold' end,
        '[]',
        null,
        'dropped',
        coalesce(
            d.no_call,
            concat_ws(
                '; ',
                'follow_up: ' || d.no_follow_up,
                'birthday: ' || d.no_birthday,
                'anniversary: ' || d.no_anniversary,
                'new_customer: ' || d.no_new,
                'at_risk: ' || d.no_at_risk,
                'repeat_reminder: ' || d.no_repeat
            )
        ),
        d.priority_rank,
        null,
        null,
        d.order_count,
        d.total_spend,
        d.last_order_date,
        d.days,
        d.customer_type,
        d.lifecycle_stage
    from decided as d
    where not d.is_kept;
end;
$$;

--
-- Name: FUNCTION plan_daily_call_tasks(p_task_date date); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.plan_daily_call_tasks(p_task_date date) IS 'The call list of a date before it is written, a row a candidate (DESIGN, "Daily call generation"): task_type, priority
(priority_rank 1 hot, 2 warm, 3 cold), all reasons in rank with their facts, agent_id and why_agent, decision kept or
dropped and why. Knows orders, contacts and outcomes dated before p_task_date only, so that it is the same whenever
asked for; tasks generated for the date do not change it. Days count to p_task_date; amounts in taka. Writes nothing.
TC001 for the date.';

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
-- Name: skip_call_task(bigint, text); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text DEFAULT NULL::text) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_task trustcart.crm_call_tasks := trustcart_private.lock_open_task(p_task_id);
begin
    update trustcart.crm_call_tasks as t
    set
        status = 'skipped',
        close_reason = nullif(btrim(p_reason), '')
    where t.id = p_task_id
    returning t.* into v_task;
    return v_task;
end;
$$;

--
-- Name: FUNCTION skip_call_task(p_task_id bigint, p_reason text); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text) IS 'Closes a pending task without a call; p_reason says why. A skipped call counts toward no cadence. Returns the task.
TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed.';

--
-- Name: start_call_task(bigint); Type: FUNCTION; Schema: trustcart; Owner: -
--

CREATE FUNCTION trustcart.start_call_task(p_task_id bigint) RETURNS trustcart.crm_call_tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_task trustcart.crm_call_tasks := trustcart_private.lock_open_task(p_task_id);
begin
    if v_task.started_at is null then
        update trustcart.crm_call_tasks as t
        set started_at = clock_timestamp()
        where t.id = p_task_id
        returning t.* into v_task;
    end if;
    return v_task;
end;
$$;

--
-- Name: FUNCTION start_call_task(p_task_id bigint); Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON FUNCTION trustcart.start_call_task(p_task_id bigint) IS 'An agent takes a pending task up: the duration of the call counts from here. Started before, it stays as it is. Returns
the task. TC003 and TC004 for the id, TC101, TC102, TC103 when the task is closed.';

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
    v_end date := coalesce(trustcart.to_business_date(p_end_date), trustcart.business_date());
    v_start date := coalesce(trustcart.to_business_date(p_start_date), date_trunc('month', v_end)::date);
    v_agents jsonb;
begin
    if v_start > v_end then
        raise exception using
            errcode = 'TC005',
            message = format('startDate %s is after endDate %s', v_start, v_end),
            hint = 'Give the first and the last day of the period.';
    end if;
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'agent_id', u.id,
                    'agent_name', u.name,
                    'total_tasks', t.total_tasks,
                    'completed_tasks', t.completed_tasks,
                    'successful_calls', t.successful_calls,
                    'completion_rate', coalesce(
                        trim_scale(round(t.completed_tasks * 100.0 / nullif(t.total_tasks, 0), 2)), 0
                    ),
                    'success_rate', coalesce(
                        trim_scale(round(t.successful_calls * 100.0 / nullif(t.completed_tasks, 0), 2)), 0
                    ),
                    'avg_call_duration', trim_scale(round(extract(epoch from t.avg_call_duration) / 60, 2)),
                    'total_interactions', i.total_interactions
                )
                order by t.successful_calls desc, t.completed_tasks desc, u.id
            ),
            '[]'
        )
    into v_agents
    from trustcart.users as u
    cross join trustcart.settings as s
    cross join lateral (
        select
            count(*) as total_tasks,
            count(*) filter (where ct.status = 'completed') as completed_tasks,
            count(*) filter (where ct.successful) as successful_calls,
            avg(ct.completed_at - ct.started_at) as avg_call_duration
        from trustcart.crm_call_tasks as ct
        where ct.assigned_agent_id = u.id and ct.task_date between v_start and v_end
    ) as t
    cross join lateral (
        select count(*) as total_interactions
        from trustcart.customer_interactions as ci
        where
            ci.agent_id = u.id
            and ci.interaction_date >= v_start::timestamp at time zone s.time_zone
            and ci.interaction_date < (v_end + 1)::timestamp at time zone s.time_zone
    ) as i
    where u.role = 'crm_agent' and (p_agent_id is null or u.id = p_agent_id);

    if p_agent_id is null then
        return v_agents;
    elsif v_agents = '[]' then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Agents are the users with role crm_agent; without agentId all of them are listed.';
    end if;
    return v_agents -> 0;
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
                        'due_at', to_char(t.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'outcome', t.outcome,
                        'reasons', t.reasons,
                        'assigned_agent_id', t.assigned_agent_id,
                        'agent_name', u.name,
                        'customer_type', c.customer_type,
                        'lifetime_value', trim_scale(c.total_spend),
                        'last_order_date', c.last_order_date
                    )
                    order by t.priority_rank, t.due_at, y.rank, c.total_spend desc, t.id
                ),
                '[]'
            )
        from trustcart.crm_call_tasks as t
        inner join trustcart.customers as c on t.customer_id = c.id
        inner join trustcart.call_task_types as y on t.task_type = y.task_type
        left join trustcart.users as u on t.assigned_agent_id = u.id
        where
            t.task_date = v_date
            and (p_agent_id is null or t.assigned_agent_id = p_agent_id)
            and v_status in (t.status, 'all')
    );
end;
$$;

--
-- Name: FUNCTION call_tasks_today(p_agent_id bigint, p_date text, p_status text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.call_tasks_today(p_agent_id bigint, p_date text, p_status text) IS 'GET /crm-automation/call-tasks/today: the pending call tasks of an agent, or of all, for today or p_date, as an array:
hot, warm, cold; within one first those with an hour, then by reason and value. p_status: another status, or all. TC001
for the date, TC002 for the status, TC004 for an unknown agent.';

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
-- Name: update_call_task_status(bigint, text, text, text, text); Type: FUNCTION; Schema: trustcart_api; Owner: -
--

CREATE FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text DEFAULT NULL::text, p_notes text DEFAULT NULL::text, p_follow_up_date text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
    v_task trustcart.crm_call_tasks;
begin
    if p_task_id is null or coalesce(btrim(p_status), '') = '' then
        raise exception using
            errcode = 'TC003',
            message = case when p_task_id is null then 'taskId' else 'status' end || ' is required',
            hint = 'Give the task, and the status: completed, skipped, or pending to note something down.';
    end if;

    case p_status
        when 'completed' then
            v_task := trustcart.complete_call_task(
                p_task_id, p_outcome, nullif(btrim(p_notes), ''), trustcart.to_business_date(p_follow_up_date)
            );
        when 'skipped' then
            v_task := trustcart_private.lock_open_task(p_task_id);
            update trustcart.crm_call_tasks as t
            set
                outcome = coalesce(nullif(btrim(p_outcome), ''), t.outcome),
                notes = coalesce(nullif(btrim(p_notes), ''), t.notes)
            where t.id = p_task_id;
            v_task := trustcart.skip_call_task(p_task_id, coalesce(nullif(btrim(p_outcome), ''), p_notes));
        when 'pending' then
            select t.* into v_task from trustcart.crm_call_tasks as t where t.id = p_task_id;
            if v_task.status <> 'pending' then
                raise exception using
                    errcode = 'TC104',
                    message = format('call task %s is %s and does not become pending again', p_task_id, v_task.status),
                    hint = 'Create a task for another call.';
            end if;
            v_task := trustcart_private.lock_open_task(p_task_id);
            update trustcart.crm_call_tasks as t
            set notes = coalesce(nullif(btrim(p_notes), ''), t.notes)
            where t.id = p_task_id
            returning t.* into v_task;
        else
            raise exception using
                errcode = 'TC002',
                message = format('%L is not a status that a call task can be given', p_status),
                hint = 'Known are completed, skipped and pending.';
    end case;

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
        'started_at', to_char(v_task.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'completed_at', to_char(v_task.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    );
end;
$$;

--
-- Name: FUNCTION update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text); Type: COMMENT; Schema: trustcart_api; Owner: -
--

COMMENT ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text) IS 'PUT /crm-automation/call-task/:taskId/status: completes a task (outcome required; the interaction is written along) or
skips it; pending changes the notes of one that is pending. Returns the task. TC001 date, TC002 status, TC003 missing,
TC004 no such task, TC101, TC102, TC103 when it is closed, TC104 back to pending, TC204 followUpDate not after today.';

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
-- Name: agent_for_call(bigint, date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.agent_for_call(p_customer_id bigint, p_task_date date) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
    return (
        select u.id
        from trustcart.users as u
        left join trustcart.customers as c on u.id = c.assigned_agent_id and c.id = p_customer_id
        left join lateral (
            select count(*) as open_calls
            from trustcart.crm_call_tasks as t
            where t.assigned_agent_id = u.id and t.task_date = p_task_date and t.status = 'pending'
        ) as l on true
        where u.role = 'crm_agent' and u.is_active
        order by (c.id is null), l.open_calls, u.id
        limit 1
    );
end;
$$;

--
-- Name: FUNCTION agent_for_call(p_customer_id bigint, p_task_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.agent_for_call(p_customer_id bigint, p_task_date date) IS 'Who makes a call of that date: the customer''s own agent if active, else the active agent with the fewest pending calls
of the date; null when there is no active agent.';

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

    -- Pure increments in id order: nothing has to be locked and read first.
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
    elsif tg_op = 'INSERT' or old.status = 'pending' then
        -- clock_timestamp: a task may be begun and completed within one transaction.
        new.closed_at := clock_timestamp();
        new.completed_at := case when new.status = 'completed' then new.closed_at end;
    else
        new.closed_at := old.closed_at;
        new.completed_at := case when new.status = 'completed' then coalesce(old.completed_at, clock_timestamp()) end;
    end if;
    return new;
end;
$$;

--
-- Name: FUNCTION derive_call_task(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.derive_call_task() IS 'Trigger: completed_at, closed_at and updated_at of a task follow from its status, whatever values were supplied.';

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
-- Name: events_to_greet(date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.events_to_greet(p_task_date date) RETURNS TABLE(customer_id bigint, task_type text, event_date date, fact jsonb, is_greeted boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_day_begins timestamptz := p_task_date::timestamp at time zone v_time_zone;
    v_days_ahead integer := (
        select max(t.window_days)
        from trustcart.call_task_types as t
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
                    (t.completed_at >= e.notice_begins and t.completed_at < v_day_begins)
                    or exists (
                        select
                        from trustcart.crm_call_attempts as a
                        where
                            a.task_id = t.id
                            and a.attempted_at >= e.notice_begins
                            and a.attempted_at < v_day_begins
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
        inner join trustcart.call_task_types as y
            on y.task_type = case when u.event_type like '%birthday' then 'birthday' else 'anniversary' end
        where u.days_until <= coalesce(y.window_days, 0)
    ) as e;
end;
$$;

--
-- Name: FUNCTION events_to_greet(p_task_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.events_to_greet(p_task_date date) IS 'Birthdays and anniversaries whose notice has begun on a date, of customers and their families, as facts for a task''s
reasons; is_greeted when a call for that occurrence was made or attempted since, before the date.';

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
        raise exception using
            errcode = 'TC103',
            message = format('call task %s is %s%s', p_task_id, v_task.status, ': ' || v_task.close_reason),
            hint = 'Create a task for another call.';
    end if;
    return v_task;
end;
$$;

--
-- Name: FUNCTION lock_open_task(p_task_id bigint); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.lock_open_task(p_task_id bigint) IS 'The pending task with this id, locked until the transaction ends. TC003 without an id, TC004 when there is none, TC101
completed, TC102 skipped, TC103 closed otherwise.';

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
    return null;
end;
$$;

--
-- Name: FUNCTION log_completed_call(); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.log_completed_call() IS 'Trigger: a task that becomes completed writes its interaction, once, and the attempt, whoever completed it and how; a
later correction of the task corrects both.';

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
-- Name: next_working_day(date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.next_working_day(p_date date) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (p_date +
         CASE EXTRACT(isodow FROM p_date)
             WHEN 4 THEN 3
             WHEN 5 THEN 2
             ELSE 1
         END) AS next_working_day;
END;

--
-- Name: FUNCTION next_working_day(p_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.next_working_day(p_date date) IS 'The first working day after a date. Working days are Sunday to Thursday, as in Bangladesh: said only here.';

--
-- Name: open_follow_ups(date); Type: FUNCTION; Schema: trustcart_private; Owner: -
--

CREATE FUNCTION trustcart_private.open_follow_ups(p_task_date date) RETURNS TABLE(customer_id bigint, asked_on date, due_on date, subject text, details text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_day_begins timestamptz := p_task_date::timestamp at time zone v_time_zone;
begin
    return query
    with asked as (
        select
            i.customer_id,
            i.interaction_date as asked_at,
            (i.interaction_date at time zone v_time_zone)::date as asked_on,
            i.follow_up_date as due_on,
            i.subject,
            i.details
        from trustcart.customer_interactions as i
        where
            i.interaction_date < v_day_begins
            and (i.follow_up_date is not null or trustcart_private.asks_follow_up(i.outcome))
        union all
        select
            a.customer_id,
            a.attempted_at,
            (a.attempted_at at time zone v_time_zone)::date,
            (a.due_at at time zone v_time_zone)::date,
            null,
            a.notes
        from trustcart.crm_call_attempts as a
        where
            a.attempted_at < v_day_begins
            and (a.due_at is not null or trustcart_private.asks_follow_up(a.outcome))
            -- What a completed task asked for, its interaction says.
            and not exists (
                select from trustcart.customer_interactions as i
                where i.task_id = a.task_id and i.interaction_date = a.attempted_at
            )
    )

    select distinct on (a.customer_id)
        a.customer_id,
        a.asked_on,
        coalesce(a.due_on, trustcart_private.next_working_day(a.asked_on)),
        a.subject,
        a.details
    from asked as a
    where
        coalesce(a.due_on, trustcart_private.next_working_day(a.asked_on)) <= p_task_date
        -- Nothing later; max() so that one index entry answers, where an anti-join would read every contact.
        and (
            a.asked_at < (
                select max(i.interaction_date)
                from trustcart.customer_interactions as i
                where i.customer_id = a.customer_id and i.interaction_date < v_day_begins
            )
        ) is not true
        and (
            a.asked_at < (
                select max(t.attempted_at)
                from trustcart.crm_call_attempts as t
                where t.customer_id = a.customer_id and t.attempted_at < v_day_begins
            )
        ) is not true
        and (
            a.asked_at < (
                select max(t.completed_at)
                from trustcart.crm_call_tasks as t
                where t.customer_id = a.customer_id and t.completed_at < v_day_begins
            )
        ) is not true
    order by a.customer_id, coalesce(a.due_on, trustcart_private.next_working_day(a.asked_on)), a.asked_at;
end;
$$;

--
-- Name: FUNCTION open_follow_ups(p_task_date date); Type: COMMENT; Schema: trustcart_private; Owner: -
--

COMMENT ON FUNCTION trustcart_private.open_follow_ups(p_task_date date) IS 'Customers who asked to be called, are due by that date and were not in contact since, a row each: when they asked, the
date it is due (without one, the next working day) and what was noted. Knows contacts before the date only.';

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

COMMENT ON FUNCTION trustcart_private.sync_family_event_days() IS 'Trigger of customer_family_members, by row: after a change of dates, the rows
of customer_event_days are those of the new ones.';

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
    t.avg_call_duration_minutes
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
    CONSTRAINT call_task_types_base_priority_known CHECK ((base_priority = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text]))),
    CONSTRAINT call_task_types_cadence_sane CHECK ((((window_days >= 0) AND (window_days <= 3650)) AND ((max_calls >= 0) AND (max_calls <= 1000)) AND ((max_calls_vip >= 0) AND (max_calls_vip <= 1000)) AND ((min_gap_days >= 0) AND (min_gap_days <= 3650)) AND ((win_back_max_calls >= 0) AND (win_back_max_calls <= 1000)) AND ((win_back_gap_days >= 0) AND (win_back_gap_days <= 3650)))),
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
        CASE
            WHEN (lifecycle_stage = 'at_risk'::text) THEN 'Send discount offer'::text
            WHEN (customer_type = 'vip'::text) THEN 'Personal call from manager'::text
            WHEN (customer_type = 'new'::text) THEN 'Welcome gift voucher'::text
            ELSE 'Regular follow-up'::text
        END AS recommended_action,
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
-- Name: crm_call_tasks_customer_id_idx; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE INDEX crm_call_tasks_customer_id_idx ON trustcart.crm_call_tasks USING btree (customer_id, completed_at);

--
-- Name: crm_call_tasks_generated_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX crm_call_tasks_generated_key ON trustcart.crm_call_tasks USING btree (customer_id, task_date) WHERE (source = 'generated'::text);

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
-- Name: customer_interactions_task_id_key; Type: INDEX; Schema: trustcart; Owner: -
--

CREATE UNIQUE INDEX customer_interactions_task_id_key ON trustcart.customer_interactions USING btree (task_id) WHERE (task_id IS NOT NULL);

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
-- Name: customer_behavior customer_behavior_derive; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_behavior_derive BEFORE INSERT ON trustcart.customer_behavior FOR EACH ROW WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION trustcart_private.derive_customer_behavior();

--
-- Name: TRIGGER customer_behavior_derive ON customer_behavior; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_behavior_derive ON trustcart.customer_behavior IS 'Figures are derived; values supplied for them are ignored.';

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
-- Name: customer_family_members customer_family_members_event_days_update; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER customer_family_members_event_days_update AFTER UPDATE OF customer_id, date_of_birth, anniversary_date ON trustcart.customer_family_members FOR EACH ROW WHEN (((old.customer_id <> new.customer_id) OR ((old.date_of_birth)::date IS DISTINCT FROM (new.date_of_birth)::date) OR ((old.anniversary_date)::date IS DISTINCT FROM (new.anniversary_date)::date))) EXECUTE FUNCTION trustcart_private.sync_family_event_days();

--
-- Name: TRIGGER customer_family_members_event_days_update ON customer_family_members; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER customer_family_members_event_days_update ON trustcart.customer_family_members IS 'Keeps customer_event_days.';

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
-- Name: settings settings_updated_at; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER settings_updated_at BEFORE UPDATE ON trustcart.settings FOR EACH ROW EXECUTE FUNCTION trustcart_private.set_updated_at();

--
-- Name: TRIGGER settings_updated_at ON settings; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER settings_updated_at ON trustcart.settings IS 'Keeps updated_at.';

--
-- Name: users users_updated_at; Type: TRIGGER; Schema: trustcart; Owner: -
--

CREATE TRIGGER users_updated_at BEFORE UPDATE ON trustcart.users FOR EACH ROW EXECUTE FUNCTION trustcart_private.set_updated_at();

--
-- Name: TRIGGER users_updated_at ON users; Type: COMMENT; Schema: trustcart; Owner: -
--

COMMENT ON TRIGGER users_updated_at ON trustcart.users IS 'Keeps updated_at.';

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
-- Name: crm_call_tasks crm_call_tasks_assigned_agent_id_fkey; Type: FK CONSTRAINT; Schema: trustcart; Owner: -
--

ALTER TABLE ONLY trustcart.crm_call_tasks
    ADD CONSTRAINT crm_call_tasks_assigned_agent_id_fkey FOREIGN KEY (assigned_agent_id) REFERENCES trustcart.users(id) ON DELETE RESTRICT;

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
-- Name: PROCEDURE attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text) FROM PUBLIC;
GRANT ALL ON PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text) TO trustcart_admin;
GRANT ALL ON PROCEDURE trustcart.attempt_job(IN p_job_name text, IN p_business_date date, INOUT p_status text, INOUT p_sqlstate text, INOUT p_message text, INOUT p_hint text) TO trustcart_jobs;

--
-- Name: FUNCTION business_date(); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.business_date() FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_admin;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_jobs;
GRANT ALL ON FUNCTION trustcart.business_date() TO trustcart_service;

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
-- Name: FUNCTION complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.complete_call_task(p_task_id bigint, p_outcome text, p_notes text, p_follow_up_date date, p_agent_id bigint) TO trustcart_admin;

--
-- Name: FUNCTION create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.create_call_task(p_customer_id bigint, p_task_type text, p_priority text, p_task_date date, p_assigned_agent_id bigint, p_notes text, p_due_at timestamp with time zone) TO trustcart_admin;

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
-- Name: FUNCTION report_segments(p_as_of date); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.report_segments(p_as_of date) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.report_segments(p_as_of date) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.report_segments(p_as_of date) TO trustcart_admin;

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
-- Name: FUNCTION skip_call_task(p_task_id bigint, p_reason text); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.skip_call_task(p_task_id bigint, p_reason text) TO trustcart_admin;

--
-- Name: FUNCTION start_call_task(p_task_id bigint); Type: ACL; Schema: trustcart; Owner: -
--

REVOKE ALL ON FUNCTION trustcart.start_call_task(p_task_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart.start_call_task(p_task_id bigint) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart.start_call_task(p_task_id bigint) TO trustcart_admin;

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
-- Name: FUNCTION update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text); Type: ACL; Schema: trustcart_api; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text) FROM PUBLIC;
GRANT ALL ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text) TO trustcart_manager;
GRANT ALL ON FUNCTION trustcart_api.update_call_task_status(p_task_id bigint, p_status text, p_outcome text, p_notes text, p_follow_up_date text) TO trustcart_admin;

--
-- Name: FUNCTION add_customer_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_customer_event_days() FROM PUBLIC;

--
-- Name: FUNCTION add_family_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_family_event_days() FROM PUBLIC;

--
-- Name: FUNCTION add_order(p_order trustcart.sales_orders); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.add_order(p_order trustcart.sales_orders) FROM PUBLIC;

--
-- Name: FUNCTION advance_customer_state(p_customer_ids bigint[], p_to date, p_settings trustcart.settings, p_new_order_ids bigint[], p_former_orders trustcart.sales_orders[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.advance_customer_state(p_customer_ids bigint[], p_to date, p_settings trustcart.settings, p_new_order_ids bigint[], p_former_orders trustcart.sales_orders[]) FROM PUBLIC;

--
-- Name: FUNCTION agent_for_call(p_customer_id bigint, p_task_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.agent_for_call(p_customer_id bigint, p_task_date date) FROM PUBLIC;

--
-- Name: FUNCTION asks_follow_up(p_outcome text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.asks_follow_up(p_outcome text) FROM PUBLIC;

--
-- Name: FUNCTION cancel_overtaken_tasks(p_customer_ids bigint[]); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.cancel_overtaken_tasks(p_customer_ids bigint[]) FROM PUBLIC;

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
-- Name: FUNCTION events_to_greet(p_task_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.events_to_greet(p_task_date date) FROM PUBLIC;

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
-- Name: FUNCTION mark_behavior_due(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.mark_behavior_due() FROM PUBLIC;

--
-- Name: FUNCTION mark_recovery_attempts(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.mark_recovery_attempts() FROM PUBLIC;

--
-- Name: FUNCTION next_working_day(p_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.next_working_day(p_date date) FROM PUBLIC;

--
-- Name: FUNCTION open_follow_ups(p_task_date date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.open_follow_ups(p_task_date date) FROM PUBLIC;

--
-- Name: FUNCTION order_fingerprint(p_customer_id bigint, p_order_date date, p_ordered_at timestamp with time zone, p_total_amount numeric, p_status text, p_payment_method text, p_notes text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.order_fingerprint(p_customer_id bigint, p_order_date date, p_ordered_at timestamp with time zone, p_total_amount numeric, p_status text, p_payment_method text, p_notes text) FROM PUBLIC;

--
-- Name: FUNCTION parse_date(p_text text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.parse_date(p_text text) FROM PUBLIC;

--
-- Name: FUNCTION parse_instant(p_text text, p_time_zone text); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.parse_instant(p_text text, p_time_zone text) FROM PUBLIC;

--
-- Name: FUNCTION recomputed_figures(p_customer_ids bigint[], p_as_of date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.recomputed_figures(p_customer_ids bigint[], p_as_of date) FROM PUBLIC;

--
-- Name: FUNCTION recount_status(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.recount_status() FROM PUBLIC;

--
-- Name: FUNCTION relevel_dropoffs(p_as_of date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.relevel_dropoffs(p_as_of date) FROM PUBLIC;

--
-- Name: FUNCTION require_agent(p_agent_id bigint); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.require_agent(p_agent_id bigint) FROM PUBLIC;

--
-- Name: FUNCTION set_updated_at(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.set_updated_at() FROM PUBLIC;

--
-- Name: FUNCTION sync_customer_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_customer_event_days() FROM PUBLIC;

--
-- Name: FUNCTION sync_dropoffs(p_customer_ids bigint[], p_as_of date); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_dropoffs(p_customer_ids bigint[], p_as_of date) FROM PUBLIC;

--
-- Name: FUNCTION sync_family_event_days(); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.sync_family_event_days() FROM PUBLIC;

--
-- Name: FUNCTION write_customer_state(p_figures trustcart_private.customer_figures[], p_as_of date, p_cause text, p_are_increments boolean); Type: ACL; Schema: trustcart_private; Owner: -
--

REVOKE ALL ON FUNCTION trustcart_private.write_customer_state(p_figures trustcart_private.customer_figures[], p_as_of date, p_cause text, p_are_increments boolean) FROM PUBLIC;

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
-- Name: TABLE call_task_types; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.call_task_types TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.call_task_types TO trustcart_admin;

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
-- Name: TABLE upcoming_birthdays_anniversaries; Type: ACL; Schema: trustcart; Owner: -
--

GRANT SELECT ON TABLE trustcart.upcoming_birthdays_anniversaries TO trustcart_manager;
GRANT SELECT ON TABLE trustcart.upcoming_birthdays_anniversaries TO trustcart_admin;
GRANT SELECT ON TABLE trustcart.upcoming_birthdays_anniversaries TO trustcart_service;

--
-- PostgreSQL database dump complete
--

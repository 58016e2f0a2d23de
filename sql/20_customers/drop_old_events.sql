-- requires: drop_month_partitions, require_date, business_date

create or replace function trustcart.drop_old_events(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- Whoever comes after it in the queue for the table waits as long.
set lock_timeout = '500ms'
as $$
declare
    -- Nothing is removed ahead of its time, whatever date is typed.
    v_as_of date := least(trustcart_private.require_date(p_as_of), trustcart.business_date());
    v_until date;
    v_dropped text[];
    v_deleted bigint;
begin
    select (date_trunc('month', v_as_of::timestamp) - make_interval(months => s.events_keep_months))::date
    into v_until
    from trustcart.settings as s;
    v_dropped := trustcart_private.drop_month_partitions('events', v_until);
    delete from trustcart.events_default as d where d.occurred_at < v_until::timestamp at time zone 'UTC';
    get diagnostics v_deleted = row_count;
    return jsonb_build_object(
        'as_of', v_as_of, 'kept_from', v_until, 'partitions', to_jsonb(v_dropped), 'deleted', v_deleted
    );
end;
$$;
comment on function trustcart.drop_old_events(date) is
'Daily job: drops the partitions of the event feed whose month lies more than settings.events_keep_months before that of
p_as_of. A consumer that has not read them by then never will. It waits half a second at most for the lock; run_job()
tries it again. Returns {"as_of", "kept_from", "partitions": those dropped, "deleted": rows without one}.';

-- requires: drop_month_partitions, require_date, business_date

create or replace function trustcart.drop_old_attempts(
    p_as_of date default trustcart.business_date(), p_limit integer default 5000
)
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
    v_deleted bigint := 0;
    v_dropped text[] := array[]::text[];
begin
    select (date_trunc('month', v_as_of::timestamp) - make_interval(months => s.attempts_keep_months))::date
    into v_until
    from trustcart.settings as s;
    if v_until is not null then
        -- Row by row, for contact_days counts them and must forget them, too; what is left of a month is its table.
        delete from trustcart.crm_call_attempts as a
        using (
            select
                o.id,
                o.attempted_at
            from trustcart.crm_call_attempts as o
            where o.attempted_at < v_until::timestamp at time zone 'UTC'
            limit p_limit
        ) as old
        where a.id = old.id and a.attempted_at = old.attempted_at;
        get diagnostics v_deleted = row_count;
        if v_deleted < p_limit then
            v_dropped := trustcart_private.drop_month_partitions('crm_call_attempts', v_until);
        end if;
    end if;
    return jsonb_build_object(
        'as_of', v_as_of,
        'kept_from', v_until,
        'deleted', v_deleted,
        'partitions', to_jsonb(v_dropped),
        'is_complete', v_deleted < p_limit
    );
end;
$$;
comment on function trustcart.drop_old_attempts(date, integer) is
'Daily job: removes call attempts of months that lie more than settings.attempts_keep_months before that of p_as_of, and
the partitions of those months; nothing while that setting is null. p_limit: at most so many rows in this call; while
is_complete is false, the next call goes on. It waits half a second at most for a lock; run_job() tries it again.
Returns {"as_of", "kept_from", "deleted": rows, "partitions": those dropped, "is_complete"}. TC001 date.';

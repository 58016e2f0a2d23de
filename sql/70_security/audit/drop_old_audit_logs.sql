-- requires: drop_month_partitions, ensure_audit_partitions, require_date, business_date

create or replace function trustcart.drop_old_audit_logs(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- Whoever comes after it in the queue for the table waits as long.
set lock_timeout = '500ms'
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_month date;
    v_month_left date;
    v_kept_from timestamptz;
    v_unsealed timestamptz;
    v_position bigint;
    v_chain bytea;
    v_rows bigint := 0;
    v_dropped text[] := array[]::text[];
begin
    -- Against sealers, as in seal_audit_log().
    lock table trustcart.audit_checkpoints in share row exclusive mode;
    -- A date ahead drops no more than today would: what is gone is gone.
    select
        (
            date_trunc('month', least(v_as_of, trustcart.business_date())::timestamp)
            - make_interval(months => s.audit_keep_months)
        )::date
    into v_month
    from trustcart.settings as s;
    v_kept_from := v_month::timestamp at time zone 'UTC';
    -- Whole months, all of whose rows are in the chain.
    select min(l.created_at)
    into v_unsealed
    from trustcart.audit_logs as l
    where
        l.created_at < v_kept_from
        and not exists (select from trustcart.audit_seals as s where s.audit_id = l.id);
    if v_unsealed is not null then
        v_month := date_trunc('month', v_unsealed at time zone 'UTC')::date;
        v_kept_from := v_month::timestamp at time zone 'UTC';
    end if;
    select count(*) into v_rows from trustcart.audit_logs as l where l.created_at < v_kept_from;

    -- Rows of a clock that was wrong, written after their month had gone: they go with the next one.
    if v_rows > 0 and exists (select from trustcart.audit_checkpoints as p where p.kept_from >= v_kept_from) then
        return jsonb_build_object('as_of', v_as_of, 'kept_from', v_month, 'rows', 0, 'partitions', jsonb_build_array());
    end if;

    if v_rows > 0 then
        -- The links before the first one whose row stays go with their rows.
        v_position := coalesce(
            (select min(s.position) - 1 from trustcart.audit_seals as s where s.audit_created_at >= v_kept_from),
            (select max(s.position) from trustcart.audit_seals as s)
        );
        select c.chain_hash
        into v_chain
        from (
            select
                s.position,
                s.chain_hash
            from trustcart.audit_seals as s
            where s.position = v_position
            union all
            select
                p.position,
                p.chain_hash
            from trustcart.audit_checkpoints as p
            union all
            select
                0,
                decode(repeat('00', 32), 'hex')
        ) as c
        where c.position = v_position
        limit 1;
        insert into trustcart.audit_checkpoints (position, chain_hash, kept_from, dropped_rows)
        values (v_position, v_chain, v_kept_from, v_rows);
        -- Rows go with their partitions alone, for nothing passes a delete; so those that have none are given one.
        -- An array, for an open query would hold on to the table.
        foreach v_month_left in array array(
            select distinct date_trunc('month', d.created_at at time zone 'UTC')::date
            from trustcart.audit_logs_default as d
            where d.created_at < v_kept_from
        ) loop
            perform trustcart.ensure_audit_partitions(v_month_left);
        end loop;
        delete from trustcart.audit_seals as s where s.position <= v_position;
    end if;
    v_dropped := trustcart_private.drop_month_partitions('audit_logs', v_month);
    return jsonb_build_object(
        'as_of', v_as_of, 'kept_from', v_month, 'rows', v_rows, 'partitions', to_jsonb(v_dropped)
    );
end;
$$;
comment on function trustcart.drop_old_audit_logs(date) is
'Daily job: drops the months of audit_logs that lie more than settings.audit_keep_months before that of p_as_of (or of
today, if that is earlier), as far as all of their rows are sealed. audit_checkpoints keeps the end of the chain that
goes with them, from where verify_audit_log() begins. It waits half a second at most for a lock; run_job() tries it
again. Returns {"as_of", "kept_from", "rows", "partitions": those dropped}. TC001 date.';

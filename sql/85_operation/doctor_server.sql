create or replace function trustcart.doctor_server()
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_may_see boolean := pg_has_role(current_user, 'pg_read_all_stats', 'usage');
    c_grant constant text := format('grant pg_monitor to %I;', current_user);
    c_hidden constant text := 'only a member of pg_read_all_stats, such as pg_monitor, sees what others do';
    v_is_replica boolean := pg_is_in_recovery();
    v_used bigint;
    v_most bigint;
    v_share numeric;
    v_who text[];
    v_age interval;
    v_count bigint;
    v_bytes numeric;
    v_is_lost boolean;
begin
    select count(*) into v_used from pg_stat_activity as a where a.backend_type = 'client backend';
    v_most := current_setting('max_connections')::bigint
    - current_setting('superuser_reserved_connections')::bigint
    - coalesce(current_setting('reserved_connections', true)::bigint, 0);
    v_share := v_used::numeric / v_most;
    check_name := 'connections';
    status := case when v_share >= 0.95 then 'critical' when v_share >= 0.8 then 'warning' else 'ok' end;
    finding := format('%s of the %s that may be', v_used, v_most);
    threshold := 'warning: 80% in use; critical: 95%';
    remedy := case when status <> 'ok' then 'Close what idles; a pooler serves many clients with few.' end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_connections', 'value', v_used),
        jsonb_build_object('name', 'trustcart_connections_max', 'value', v_most)
    );
    return next;

    select
        array_agg(
            format('%s (%s, %s) for %s', t.who, t.name, t.state, justify_interval(date_trunc('second', t.age)))
            order by t.age desc
        ),
        coalesce(max(t.age), interval '0')
    into v_who, v_age
    from (
        select
            'process ' || a.pid as who,
            coalesce(nullif(a.application_name, ''), a.usename, 'unknown') as name,
            a.state,
            clock_timestamp() - a.xact_start as age
        from pg_stat_activity as a
        where
            a.xact_start < clock_timestamp() - interval '15 minutes'
            and a.backend_type = 'client backend'
            and a.pid <> pg_backend_pid()
        union all
        select
            'prepared transaction ' || p.gid,
            p.owner,
            'prepared',
            clock_timestamp() - p.prepared
        from pg_prepared_xacts as p
        where p.prepared < clock_timestamp() - interval '15 minutes'
    ) as t;
    check_name := 'long_transactions';
    status := case
        when v_age > interval '2 hours' then 'critical'
        when v_who is not null then 'warning'
        when not v_may_see then 'unknown'
        else 'ok'
    end;
    finding := coalesce(
        array_to_string(v_who[:3], ', '), case when v_may_see then 'none is open for long' else c_hidden end
    );
    threshold := 'warning: open for 15 minutes; critical: for 2 hours';
    remedy := case
        when v_who is not null then 'select pg_terminate_backend(PROCESS), once it is clear whose it is.'
        when status = 'unknown' then c_grant
    end;
    figures := case
        when status = 'unknown' then '[]'::jsonb
        else jsonb_build_array(
            jsonb_build_object('name', 'trustcart_longest_transaction_seconds', 'value', extract(epoch from v_age))
        )
    end;
    return next;

    select
        array_agg(
            format(
                'process %s waits for %s since %s', w.pid, w.blockers, justify_interval(date_trunc('second', w.age))
            )
            order by w.age desc
        ),
        coalesce(max(w.age), interval '0'),
        count(*)
    into v_who, v_age, v_count
    from (
        select
            l.pid,
            min(clock_timestamp() - l.waitstart) as age,
            array_to_string(pg_blocking_pids(l.pid), ', ') as blockers
        from pg_locks as l
        where not l.granted and l.waitstart < clock_timestamp() - interval '30 seconds'
        group by l.pid
    ) as w;
    check_name := 'blocked_sessions';
    status := case when v_age > interval '5 minutes' then 'critical' when v_count > 0 then 'warning' else 'ok' end;
    finding := coalesce(array_to_string(v_who[:3], '; '), 'nobody waits long for a lock');
    threshold := 'warning: waiting for a lock for 30 seconds; critical: for 5 minutes';
    remedy := case when v_count > 0 then 'Look at the process waited for; pg_terminate_backend() ends it.' end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_blocked_sessions', 'value', v_count));
    return next;

    check_name := 'replication';
    threshold := 'warning: 30 seconds or 256 MB behind; critical: 5 minutes or 4 GB, or this replica receives nothing';
    if v_is_replica then
        -- Where all that came was replayed, the last commit may be old without any lag.
        v_age := case
            when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then interval '0'
            else coalesce(clock_timestamp() - pg_last_xact_replay_timestamp(), interval '0')
        end;
        select count(*) into v_count from pg_stat_wal_receiver as r where r.pid is not null;
        status := case
            when v_count = 0 or v_age > interval '5 minutes' then 'critical'
            when v_age > interval '30 seconds' then 'warning'
            else 'ok'
        end;
        finding := case
            when v_count = 0 then 'this replica receives nothing from its primary'
            else format('this replica is %s behind what it received', justify_interval(date_trunc('second', v_age)))
        end;
        figures := jsonb_build_array(
            jsonb_build_object('name', 'trustcart_replication_lag_seconds', 'value', extract(epoch from v_age))
        );
    else
        select
            count(*),
            coalesce(max(r.replay_lag), interval '0'),
            max(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)),
            array_agg(
                format(
                    '%s (%s, %s) %s, %s behind',
                    coalesce(nullif(r.application_name, ''), 'a replica'), r.state, r.sync_state,
                    coalesce(date_trunc('second', r.replay_lag)::text, '00:00:00'),
                    pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn))
                )
                order by r.application_name
            ) filter (where r.replay_lsn is not null)
        into v_count, v_age, v_bytes, v_who
        from pg_stat_replication as r;
        status := case
            when v_count = 0 then 'ok'
            when v_bytes is null and not v_may_see then 'unknown'
            when v_age > interval '5 minutes' or v_bytes > 4e9 then 'critical'
            when v_age > interval '30 seconds' or v_bytes > 256e6 then 'warning'
            else 'ok'
        end;
        finding := case
            when v_count = 0 then 'no replica is connected'
            when v_who is null and v_may_see then format('%s replicas are only being set up', v_count)
            else coalesce(array_to_string(v_who[:3], '; '), c_hidden)
        end;
        figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_replicas', 'value', v_count))
        || case
            when v_bytes is null then '[]'::jsonb
            else jsonb_build_array(
                jsonb_build_object('name', 'trustcart_replication_lag_seconds', 'value', extract(epoch from v_age)),
                jsonb_build_object('name', 'trustcart_replication_lag_bytes', 'value', v_bytes)
            )
        end;
    end if;
    remedy := case
        when status = 'unknown' then c_grant
        when status <> 'ok' then 'See the replica''s log and its disk; the runbook has promotion, too.'
    end;
    return next;

    select
        count(*),
        max(
            pg_wal_lsn_diff(
                case when v_is_replica then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, s.restart_lsn
            )
        ),
        array_agg(
            format('%s (%s, %s)', s.slot_name, case when s.active then 'in use' else 'unused' end, s.wal_status)
            order by s.restart_lsn
        ),
        coalesce(bool_or(s.wal_status in ('unreserved', 'lost')), false)
    into v_count, v_bytes, v_who, v_is_lost
    from pg_replication_slots as s;
    check_name := 'replication_slots';
    status := case
        when v_is_lost or v_bytes > 16e9 then 'critical' when v_bytes > 1e9 then 'warning' else 'ok'
    end;
    finding := case
        when v_count = 0 then 'none'
        else format('%s, holding %s', array_to_string(v_who[:3], ', '), coalesce(pg_size_pretty(v_bytes), 'nothing'))
    end;
    threshold := 'warning: one holds 1 GB of WAL; critical: 16 GB, or it lost what it needs';
    remedy := case
        when status <> 'ok'
            then 'Bring its replica back; if it is gone for good: select pg_drop_replication_slot(NAME);'
    end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_replication_slots', 'value', v_count),
        jsonb_build_object('name', 'trustcart_replication_slots_held_bytes', 'value', coalesce(v_bytes, 0))
    );
    return next;
end;
$$;
comment on function trustcart.doctor_server() is
'Part of `trustcart-db doctor`, with the caller''s rights, for only pg_monitor and its like see what others do:
connections (is there room?), long_transactions, blocked_sessions, replication (how far are replicas behind?) and
replication_slots (do they hold up WAL?). Rows as of doctor_rights().';

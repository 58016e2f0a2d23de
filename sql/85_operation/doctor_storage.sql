-- requires: table_bytes, business_date, listed

create or replace function trustcart.doctor_storage()
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_schemas constant oid[] := array(
        select n.oid from pg_namespace as n where n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
    );
    v_names text[];
    v_is_unique boolean;
    v_count bigint;
    v_is_off boolean;
    v_is_many boolean;
    v_age bigint;
    v_table text;
    v_freeze bigint := current_setting('autovacuum_freeze_max_age')::bigint;
    v_month date := date_trunc('month', now() at time zone 'UTC')::date;
    v_present text[];
    v_ahead text[];
    v_parent text;
    v_column text;
    v_first date;
    v_is_there boolean;
    v_is_future boolean;
    v_missed text[];
    v_future text[];
    v_bytes numeric;
    v_growth numeric;
    v_since date;
begin
    select
        array_agg(x.indexrelid::regclass::text order by x.indexrelid::regclass::text),
        bool_or(x.indisunique)
    into v_names, v_is_unique
    from pg_index as x
    inner join pg_class as c on x.indrelid = c.oid
    where c.relnamespace = any(c_schemas) and not (x.indisvalid and x.indisready and x.indislive);
    check_name := 'indexes';
    status := case when v_is_unique then 'critical' when v_names is not null then 'warning' else 'ok' end;
    finding := coalesce('invalid: ' || trustcart_private.listed(v_names), 'all valid');
    threshold := 'warning: one is invalid; critical: a unique one';
    remedy := case
        when status <> 'ok' then 'reindex index concurrently …; one named …_ccnew or …_ccold is dropped instead.'
    end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_indexes_invalid', 'value', coalesce(cardinality(v_names), 0))
    );
    return next;

    select array_agg(format('%s on %s', k.conname, k.conrelid::regclass) order by k.conname)
    into v_names
    from pg_constraint as k
    where k.connamespace = any(c_schemas) and not k.convalidated;
    check_name := 'constraints';
    status := case when v_names is null then 'ok' else 'warning' end;
    finding := coalesce('not validated: ' || trustcart_private.listed(v_names), 'all validated');
    threshold := 'warning: one was not validated, as an upgrade that was broken off leaves it';
    remedy := case when status <> 'ok' then 'trustcart-db migrate; else alter table … validate constraint …;' end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_constraints_not_validated', 'value', coalesce(cardinality(v_names), 0))
    );
    return next;

    v_is_off := current_setting('autovacuum') = 'off' or current_setting('track_counts') = 'off';
    select
        array_agg(format('%s: %s dead of %s', d.relname, d.dead, d.dead + d.live) order by d.dead desc),
        coalesce(bool_or(d.dead > 1000000 and d.dead > d.live), false),
        coalesce(max(d.dead), 0)
    into v_names, v_is_many, v_count
    from (
        select
            s.relid::regclass::text as relname,
            s.n_dead_tup as dead,
            s.n_live_tup as live
        from pg_stat_all_tables as s
        inner join pg_class as c on s.relid = c.oid
        where c.relnamespace = any(c_schemas) and s.n_dead_tup > 50000 and s.n_dead_tup > s.n_live_tup * 0.4
    ) as d;
    check_name := 'dead_rows';
    status := case when v_is_off or v_is_many then 'critical' when v_names is not null then 'warning' else 'ok' end;
    finding := concat_ws(
        '; ',
        case when v_is_off then 'autovacuum is off' end,
        coalesce(trustcart_private.listed(v_names), case when not v_is_off then 'autovacuum keeps up' end)
    );
    threshold := 'warning: 50,000 dead rows that are 40% of the live ones; critical: a million and more than the live '
    || 'ones, or autovacuum is off';
    remedy := case
        when v_is_off then 'Switch autovacuum and track_counts on.'
        when status <> 'ok'
            then 'vacuum (analyze) the table; if they stay, something open needs them: long_transactions.'
    end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_table_dead_rows_max', 'value', v_count));
    return next;

    select
        f.relname,
        f.age
    into v_table, v_age
    from (
        select
            c.oid::regclass::text as relname,
            greatest(
                age(c.relfrozenxid), mxid_age(c.relminmxid), age(t.relfrozenxid), mxid_age(t.relminmxid)
            ) as age
        from pg_class as c
        left join pg_class as t on c.reltoastrelid = t.oid and t.relkind = 't'
        where c.relnamespace = any(c_schemas) and c.relkind in ('r', 'm')
        union all
        select
            'the whole database',
            greatest(age(d.datfrozenxid), mxid_age(d.datminmxid))
        from pg_database as d
        where d.datname = current_database()
    ) as f
    order by f.age desc
    limit 1;
    check_name := 'wraparound';
    -- At 2^31 the server takes no more writes; an autovacuum that nothing hinders begins at v_freeze.
    status := case
        when v_age > 1500000000 then 'critical'
        when v_age > greatest(v_freeze * 1.5, 500000000) then 'warning'
        else 'ok'
    end;
    finding := format('the oldest transaction id is %s back, in %s', v_age, v_table);
    threshold := format(
        'warning: %s transactions; critical: 1500000000 of the 2147483647 there are',
        greatest(v_freeze * 1.5, 500000000)::bigint
    );
    remedy := case
        when status <> 'ok'
            then 'vacuum (freeze) the table, and end what hinders it: long_transactions, replication_slots.'
    end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_oldest_transaction_age', 'value', v_age));
    return next;

    v_count := 0;
    for v_parent, v_column in
        select
            c.relname::text,
            a.attname::text
        from pg_partitioned_table as t
        inner join pg_class as c on t.partrelid = c.oid
        inner join pg_attribute as a on c.oid = a.attrelid and t.partattrs[0] = a.attnum
        where c.relnamespace = 'trustcart'::regnamespace
        order by 1
    loop
        select min(to_date(substring(c.relname from '\d{6}$'), 'YYYYMM'))
        into v_first
        from pg_inherits as i
        inner join pg_class as c on i.inhrelid = c.oid
        where i.inhparent = format('trustcart.%I', v_parent)::regclass and c.relname ~ ('^' || v_parent || '_\d{6}$');
        -- Before the first partition there were none to be made in time.
        if
            to_regclass(format('trustcart.%I', format('%s_%s', v_parent, to_char(v_month, 'YYYYMM')))) is null
            and v_first < v_month
        then
            v_present := v_present || v_parent;
        end if;
        if
            to_regclass(
                format(
                    'trustcart.%I',
                    format('%s_%s', v_parent, to_char(v_month + interval '1 month', 'YYYYMM'))
                )
            ) is null
        then
            v_ahead := v_ahead || v_parent;
        end if;
        execute format(
            'select exists (select from trustcart.%1$I where %2$I >= $1 and %2$I < $2), '
            'exists (select from trustcart.%1$I where %2$I >= $3)',
            v_parent || '_default', v_column
        )
        into v_is_there, v_is_future
        using
            v_first::timestamp at time zone 'UTC',
            v_month::timestamp at time zone 'UTC',
            (v_month + interval '3 months') at time zone 'UTC';
        v_missed := case when v_is_there then v_missed || v_parent else v_missed end;
        v_future := case when v_is_future then v_future || v_parent else v_future end;
        v_count := v_count + 1;
    end loop;
    check_name := 'partitions';
    status := case when v_present is not null then 'critical' when v_ahead is not null then 'warning' else 'ok' end;
    finding := coalesce(
        nullif(
            concat_ws(
                '; ',
                'no partition of this month: ' || trustcart_private.listed(v_present),
                'none of the next: ' || trustcart_private.listed(v_ahead)
            ),
            ''
        ),
        format('%s tables have those of this month and the next', v_count)
    );
    threshold := 'warning: the coming month has none; critical: nor has the present one';
    remedy := case
        when status <> 'ok'
            then 'trustcart-db run JOB: ensure_event_partitions, ensure_audit_partitions, ensure_attempt_partitions.'
    end;
    figures := jsonb_build_array(
        jsonb_build_object(
            'name', 'trustcart_partitions_missing',
            'value', coalesce(cardinality(v_present), 0) + coalesce(cardinality(v_ahead), 0)
        )
    );
    return next;

    check_name := 'default_partitions';
    status := case when coalesce(v_missed, v_future) is not null then 'warning' else 'ok' end;
    finding := coalesce(
        nullif(
            concat_ws(
                '; ',
                'rows of months that had no partition in time: ' || trustcart_private.listed(v_missed),
                'rows of the future: ' || trustcart_private.listed(v_future)
            ),
            ''
        ),
        'hold nothing that belongs elsewhere'
    );
    threshold := 'warning: rows of a month that is over, or more than two months ahead';
    remedy := case
        when v_future is not null then 'A clock was wrong: see the runbook.'
        when status <> 'ok' then 'The next run of the table''s ensure job moves them: see partitions.'
    end;
    figures := jsonb_build_array(
        jsonb_build_object(
            'name', 'trustcart_default_partitions_in_use',
            'value', (
                select count(distinct p.parent) from unnest(v_missed || v_future) as p (parent)
            )
        )
    );
    return next;

    select
        sum(b.bytes),
        array_agg(format('%s %s', b.table_name, pg_size_pretty(b.bytes)) order by b.bytes desc),
        jsonb_agg(
            jsonb_build_object(
                'name', 'trustcart_table_size_bytes',
                'labels', jsonb_build_object('table', b.table_name),
                'value', b.bytes
            )
            order by b.table_name
        )
    into v_bytes, v_names, figures
    from trustcart_private.table_bytes() as b;
    select
        min(t.measured_on),
        v_bytes - (array_agg(t.bytes order by t.measured_on))[1]
    into v_since, v_growth
    from (
        select
            s.measured_on,
            sum(s.bytes) as bytes
        from trustcart_private.table_sizes as s
        where s.measured_on between trustcart.business_date() - 30 and trustcart.business_date() - 1
        group by s.measured_on
    ) as t;
    v_growth := v_growth / (trustcart.business_date() - v_since);
    check_name := 'disk';
    -- How much room there is, SQL cannot ask.
    status := case when v_growth * 30 > v_bytes and v_bytes > 10e9 then 'warning' else 'ok' end;
    finding := format(
        '%s in our tables, mostly %s; %s. How much is free only the machine knows',
        pg_size_pretty(v_bytes),
        array_to_string(v_names[:3], ', '),
        coalesce(
            pg_size_pretty(v_growth::bigint) || ' a day more since ' || v_since,
            'how fast they grow is known a day after record_table_sizes ran'
        )
    );
    threshold := 'warning: above 10 GB and growing so that they double within 30 days';
    remedy := case when status <> 'ok' then 'Find what grows; let settings.…_keep_months drop what is old.' end;
    figures := figures || jsonb_build_array(
        jsonb_build_object('name', 'trustcart_size_bytes', 'value', v_bytes)
    )
    || case
        when v_growth is null then '[]'::jsonb
        else jsonb_build_array(jsonb_build_object('name', 'trustcart_growth_bytes_per_day', 'value', round(v_growth)))
    end;
    return next;
end;
$$;
comment on function trustcart.doctor_storage() is
'Part of `trustcart-db doctor`: indexes (valid?), constraints (validated?), dead_rows (does autovacuum keep up?),
wraparound (how old is the oldest transaction id?), partitions (are the months there?), default_partitions (does
anything lie there that belongs elsewhere?) and disk (how large are our tables, how fast do they grow?). Rows as of
doctor_rights().';

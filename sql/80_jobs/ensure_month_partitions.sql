create or replace function trustcart_private.ensure_month_partitions(p_table text, p_as_of date)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parent regclass := format('trustcart.%I', p_table)::regclass;
    v_default text := format('trustcart.%I', p_table || '_default');
    v_column text;
    v_columns text;
    -- Whoever writes waits for rows of the present month to move: for so many it takes some tenths of a second.
    c_most_to_move constant integer := 20000;
    v_this_month date := date_trunc('month', p_as_of::timestamp)::date;
    v_first timestamptz;
    v_missed date;
    v_month date;
    v_from timestamptz;
    v_until timestamptz;
    v_name text;
    v_made text[] := array[]::text[];
    v_rows bigint;
    v_moved bigint := 0;
    v_is_complete boolean;
begin
    -- One at a time; the second finds them made. Who writes is not in the way of this lock, and only the owner can take it,
    -- unlike an advisory one.
    execute format('lock table only %s in share update exclusive mode', v_parent);
    select format('%I', a.attname)
    into strict v_column
    from pg_partitioned_table as t
    inner join pg_attribute as a on t.partrelid = a.attrelid and t.partattrs[0] = a.attnum
    where t.partrelid = v_parent;
    select string_agg(format('%I', a.attname), ', ' order by a.attnum)
    into v_columns
    from pg_attribute as a
    where a.attrelid = v_parent and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';

    -- Of months that had no partition in time, one a call, the oldest first. What is older than the first partition stays:
    -- it was there before there were any.
    select min(to_date(substring(c.relname from '\d{6}$'), 'YYYYMM'))::timestamp at time zone 'UTC'
    into v_first
    from pg_inherits as i
    inner join pg_class as c on i.inhrelid = c.oid
    where i.inhparent = v_parent and c.relname ~ ('^' || p_table || '_\d{6}$');
    execute format(
        'select date_trunc(''month'', min(%1$s) at time zone ''UTC'')::date from %2$s where %1$s >= $1 and %1$s < $2',
        v_column, v_default
    )
    into v_missed using v_first, v_this_month::timestamp at time zone 'UTC';

    for v_month in
        select (v_this_month + make_interval(months => a.ahead))::date as wanted
        from generate_series(0, 2) as a (ahead)
        union all
        select v_missed
        where v_missed is not null
        order by wanted
    loop
        v_from := v_month::timestamp at time zone 'UTC';
        v_until := (v_month + interval '1 month') at time zone 'UTC';
        v_name := format('%s_%s', p_table, to_char(v_month, 'YYYYMM'));
        continue when to_regclass(format('trustcart.%I', v_name)) is not null;
        execute format(
            'select count(*) from (select from %s where %s >= $1 and %2$s < $2 limit $3) as r', v_default, v_column
        )
        into v_rows using v_from, v_until, c_most_to_move + 1;
        -- It moves when it is over, and nobody writes there any more; the next one is made ahead.
        continue when v_month >= v_this_month and v_rows > c_most_to_move;
        execute format(
            'create table trustcart.%I (like %s including defaults including constraints including comments '
            'including generated including storage)',
            v_name, v_parent
        );
        execute format(
            'comment on table trustcart.%I is %L', v_name, p_table || ' of ' || to_char(v_month, 'YYYY-MM') || '.'
        );
        -- The default partition must not hold rows of the month. Whoever is writing one there must have ended, and who
        -- comes next must wait before it looks for its partition: one that waited for the default partition itself
        -- would be refused by it afterwards. In the course of the days the months are ahead, and nobody waits; nor does
        -- anybody for a month that is over, but who writes there late.
        if v_rows > 0 or v_from <= clock_timestamp() then
            execute format(
                'lock table only %s in share row exclusive mode',
                case when v_month < v_this_month then v_default else v_parent::text end
            );
            -- The rows stay what they are, so that they are no deletes to those who refuse deletes.
            execute format('alter table %s disable trigger user', v_default);
            execute format(
                'with moved as (delete from %1$s as d where d.%2$s >= $1 and d.%2$s < $2 returning d.*) '
                'insert into trustcart.%3$I (%4$s) select %4$s from moved',
                v_default, v_column, v_name, v_columns
            )
            using v_from, v_until;
            get diagnostics v_rows = row_count;
            execute format('alter table %s enable trigger user', v_default);
            v_moved := v_moved + v_rows;
        end if;
        -- Attached, not created in place: that would lock the whole table, and whoever writes to it.
        execute format(
            'alter table %s attach partition trustcart.%I for values from (%L) to (%L)',
            v_parent, v_name, v_from, v_until
        );
        v_made := v_made || v_name;
    end loop;
    execute format('select not exists (select from %1$s where %2$s >= $1 and %2$s < $2)', v_default, v_column)
    into v_is_complete using v_first, v_this_month::timestamp at time zone 'UTC';
    return jsonb_build_object('partitions', to_jsonb(v_made), 'moved', v_moved, 'is_complete', v_is_complete);
end;
$$;
comment on function trustcart_private.ensure_month_partitions(text, date) is
'Makes the partitions of a table of trustcart for the month of a date and the two after it (months of UTC), where they
are missing, and moves into them what came into its default partition <table>_default; a present month with more than
20,000 rows there stays, until it is over. Of months after the first partition that came into the default one, for the
job had not run for long, it makes the oldest, too, and says that it is not complete while there are more. Who writes
goes on meanwhile, except when rows of a missing month are being written already, as in the first run. The caller sets
lock_timeout. Returns {"partitions": those made, "moved": rows, "is_complete"}.';

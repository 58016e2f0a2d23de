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
    v_month date;
    v_from timestamptz;
    v_until timestamptz;
    v_name text;
    v_made text[] := array[]::text[];
    v_is_there boolean;
    v_rows bigint;
    v_moved bigint := 0;
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
    where a.attrelid = v_parent and a.attnum > 0 and not a.attisdropped;

    for v_ahead in 0..2 loop
        v_month := (date_trunc('month', p_as_of::timestamp) + make_interval(months => v_ahead))::date;
        v_from := v_month::timestamp at time zone 'UTC';
        v_until := (v_month + interval '1 month') at time zone 'UTC';
        v_name := format('%s_%s', p_table, to_char(v_month, 'YYYYMM'));
        continue when to_regclass(format('trustcart.%I', v_name)) is not null;
        execute format(
            'create table trustcart.%I (like %s including defaults including constraints including comments '
            'including storage)',
            v_name, v_parent
        );
        execute format(
            'comment on table trustcart.%I is %L', v_name, p_table || ' of ' || to_char(v_month, 'YYYY-MM') || '.'
        );
        -- The default partition must not hold rows of the month. Whoever is writing one there must have ended, and who
        -- comes next must wait before it looks for its partition: one that waited for the default partition itself
        -- would be refused by it afterwards. In the course of the days the months are ahead, and nobody waits.
        execute format('select exists (select from %s where %s >= $1 and %2$s < $2)', v_default, v_column)
        into v_is_there using v_from, v_until;
        if v_is_there or v_from <= clock_timestamp() then
            execute format('lock table only %s in share row exclusive mode', v_parent);
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
    return jsonb_build_object('partitions', to_jsonb(v_made), 'moved', v_moved);
end;
$$;
comment on function trustcart_private.ensure_month_partitions(text, date) is
'Makes the partitions of a table of trustcart for the month of a date and the two after it (months of UTC), where they
are missing, and moves into them what came into its default partition <table>_default. Who writes goes on meanwhile,
except when rows of a missing month are being written already, as in the first run. The caller sets lock_timeout.
Returns {"partitions": those made, "moved": rows}.';

create or replace function trustcart_private.drop_month_partitions(p_table text, p_kept_from date)
returns text[]
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text;
    v_dropped text[] := array[]::text[];
begin
    -- As in ensure_month_partitions().
    execute format('lock table only trustcart.%I in share update exclusive mode', p_table);
    for v_name in
        select c.relname::text as name
        from pg_inherits as i
        inner join pg_class as c on i.inhrelid = c.oid
        where
            i.inhparent = format('trustcart.%I', p_table)::regclass
            and c.relname ~ ('^' || p_table || '_\d{6}$')
            and c.relname < format('%s_%s', p_table, to_char(p_kept_from, 'YYYYMM'))
        order by name
    loop
        execute format('drop table trustcart.%I', v_name);
        v_dropped := v_dropped || v_name;
    end loop;
    return v_dropped;
end;
$$;
comment on function trustcart_private.drop_month_partitions(text, date) is
'Drops the partitions of a table of trustcart whose month lies before that of a date, as ensure_month_partitions() named
them. Returns their names.';

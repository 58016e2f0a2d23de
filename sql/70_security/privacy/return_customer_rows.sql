-- requires: personal_tables, merge_rules

create or replace function trustcart_private.return_customer_rows(p_moved jsonb, p_from_id bigint, p_to_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entry record;
    v_rows bigint;
    v_returned jsonb := '{}'::jsonb;
begin
    for v_entry in
        select
            e.key,
            e.value as keys,
            p.relation,
            coalesce(nullif(split_part(e.key, '.', 2), ''), 'customer_id') as column_name,
            (
                select string_agg(format(' and t.%1$I = k.%1$I', b.name), '')
                from jsonb_object_keys(e.value -> 0) as b (name)
            ) as same_key,
            (
                select string_agg(
                    format('%I %s', b.attname, format_type(b.atttypid, b.atttypmod)), ', ' order by b.attnum
                )
                from pg_attribute as b
                where b.attrelid = p.relation and b.attnum > 0 and e.value -> 0 ? b.attname
            ) as key_columns
        from jsonb_each(p_moved) as e
        inner join trustcart_private.personal_tables() as p on split_part(e.key, '.', 1) = p.name
        left join trustcart_private.merge_rules() as r on p.name = r.table_name
        order by coalesce(r.place, 50), e.key
    loop
        if v_entry.key_columns is null and v_entry.keys -> 0 <> '{}' then
            continue;  -- only a place, which rows do not keep
        end if;
        execute format(
            'update %s as t set %I = $3 from jsonb_to_recordset($1) as k (%s) where t.%I = $2%s',
            v_entry.relation,
            v_entry.column_name,
            coalesce(v_entry.key_columns, 'nothing text'),
            v_entry.column_name,
            coalesce(v_entry.same_key, '')
        )
        using v_entry.keys, p_from_id, p_to_id;
        get diagnostics v_rows = row_count;
        v_returned := v_returned || jsonb_build_object(v_entry.key, v_rows);
    end loop;
    return v_returned;
end;
$$;
comment on function trustcart_private.return_customer_rows(jsonb, bigint, bigint) is
'Gives rows back that move_customer_rows() moved, named by what it returned, as far as they are still there and still
with the one they went to, in the same order. Returns the rows by table.';

create or replace function trustcart_private.overridden_rows(
    p_table regclass, p_rows jsonb, p_overrides jsonb, p_columns text[]
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_copy text := format('trustcart_private.overridden_%s', pg_current_xact_id());
    v_name text;
    v_changes jsonb;
    v_column text;
    v_value jsonb;
    v_message text;
    v_constraint text;
    v_columns text;
begin
    for v_name, v_changes in select e.key, e.value from jsonb_each(p_overrides) as e (key, value) order by e.key loop
        if p_rows -> v_name is null then
            raise exception using
                errcode = 'TC002',
                message = format('%s is not in %s', v_name, p_table),
                hint = format(
                    'There is %s.', (select string_agg(k.key, ', ') from jsonb_object_keys(p_rows) as k (key))
                );
        elsif jsonb_typeof(v_changes) <> 'object' then
            raise exception using
                errcode = 'TC005',
                message = format('the overrides of %s are an object, not %s', v_name, v_changes),
                hint = 'Give {"column": value}.';
        end if;
        for v_column, v_value in select e.key, e.value from jsonb_each(v_changes) as e (key, value) order by e.key loop
            if not exists (
                select from pg_attribute as a
                where a.attrelid = p_table and a.attname = v_column and a.attnum > 0 and not a.attisdropped
            ) then
                raise exception using
                    errcode = 'TC002',
                    message = format('%s has no %s', v_name, v_column),
                    hint = format('What can be overridden is %s.', array_to_string(p_columns, ', '));
            elsif v_column <> all(p_columns) then
                raise exception using
                    errcode = 'TC005',
                    message = format('%s.%s cannot be simulated', v_name, v_column),
                    hint = format('What can be overridden is %s.', array_to_string(p_columns, ', '));
            end if;
            begin
                execute format('select to_jsonb(jsonb_populate_record(null::%s, $1)) -> $2', p_table)
                into v_value
                using jsonb_build_object(v_column, v_value), v_column;
            exception when data_exception then
                get stacked diagnostics v_message = message_text;
                raise exception using
                    errcode = 'TC005',
                    message = format('%s.%s: %s', v_name, v_column, v_message),
                    hint = 'Give a value of the column''s type.';
            end;
            p_rows := jsonb_set(p_rows, array[v_name, v_column], v_value);
        end loop;
    end loop;

    -- What the table's constraints say of such rows, in a copy of it that nobody ever sees.
    begin
        execute format(
            'create unlogged table %s (like %s including constraints including indexes)', v_copy, p_table
        );
        for v_name in
            select k.key
            from jsonb_object_keys(p_rows) as k (key)
            order by p_overrides -> k.key is not null, k.key
        loop
            execute format('insert into %s select (jsonb_populate_record(null::%s, $1)).*', v_copy, p_table)
            using p_rows -> v_name;
        end loop;
        raise exception using errcode = 'TC000';
    exception
        when sqlstate 'TC000' then
            null;
        when integrity_constraint_violation then
            get stacked diagnostics v_constraint = constraint_name, v_column = column_name;
            select string_agg(
                format('%s.%s = %s', v_name, a.attname, coalesce(p_rows -> v_name ->> a.attname, 'null')),
                ', ' order by a.attnum
            )
            into v_columns
            from pg_attribute as a
            where
                a.attrelid = p_table
                and p_overrides -> v_name ? a.attname
                and (
                    a.attname = v_column
                    or exists (
                        select from pg_constraint as c
                        where c.conrelid = p_table and c.conname = v_constraint and a.attnum = any(c.conkey)
                    )
                );
            raise exception using
                errcode = 'TC005',
                message = format(
                    '%s: %s',
                    coalesce(
                        v_columns,
                        (
                            select string_agg(format('%s.%s', v_name, k.key), ', ' order by k.key)
                            from jsonb_object_keys(p_overrides -> v_name) as k (key)
                        )
                    ),
                    case sqlstate
                        when '23502' then 'a value is required'
                        when '23505' then 'another row has the same'
                        else 'refused by ' || v_constraint
                    end
                ),
                hint = 'What the table itself would not take cannot be simulated.';
    end;
    return p_rows;
end;
$$;
comment on function trustcart_private.overridden_rows(regclass, jsonb, jsonb, text[]) is
'The rows of a table, as an object by name, with some columns overridden: {"name": {"column": value}}, p_columns being
those that may be. The table''s own types and constraints judge them; nothing is written. TC002 for an unknown name or
column, TC005 for a column that may not be overridden and for a value that the table would refuse.';

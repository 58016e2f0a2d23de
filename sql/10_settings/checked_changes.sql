create or replace function trustcart_private.checked_changes(
    p_table regclass, p_changes jsonb, p_columns text[]
)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_changes jsonb := '{}'::jsonb;
    v_name text;
    v_value jsonb;
    v_column text;
    v_type text;
begin
    if p_changes is null or p_changes = '{}' then
        raise exception using
            errcode = 'TC003',
            message = 'changes is required',
            hint = 'Give {"name": value} for at least one of what can be changed.';
    elsif jsonb_typeof(p_changes) <> 'object' then
        raise exception using
            errcode = 'TC005',
            message = format('changes is an object, not of type %s', jsonb_typeof(p_changes)),
            hint = 'Give {"name": value}.';
    end if;
    for v_name, v_value in
        select
            e.key,
            e.value
        from jsonb_each(p_changes) as e (key, value)
        order by e.key
    loop
        -- Durations are asked for in minutes; the columns hold intervals.
        select
            a.attname,
            format_type(a.atttypid, a.atttypmod)
        into v_column, v_type
        from pg_attribute as a
        where
            a.attrelid = p_table
            and a.attname = any(p_columns)
            and not a.attisdropped
            and lower(regexp_replace(v_name, '([A-Z])', '_\1', 'g'))
            = a.attname || case when a.atttypid = 'interval'::regtype then '_minutes' else '' end;
        if v_type is null then
            raise exception using
                errcode = 'TC002',
                message = format('%s is nothing that can be changed', left(v_name, 100)),
                hint = format(
                    'What can be changed is %s.',
                    (
                        select string_agg(
                            lower(left(x.joined, 1)) || substr(x.joined, 2)
                            || case when a.atttypid = 'interval'::regtype then 'Minutes' else '' end,
                            ', ' order by c.place
                        )
                        from unnest(p_columns) with ordinality as c (name, place)
                        cross join lateral (select replace(initcap(replace(c.name, '_', ' ')), ' ', '') as joined) as x
                        left join pg_attribute as a on p_table = a.attrelid and c.name = a.attname
                    )
                );
        end if;
        -- A field of a form that was left empty.
        if v_value in ('""', '[]') or jsonb_typeof(v_value) = 'string' and btrim(v_value #>> '{}') = '' then
            v_value := 'null'::jsonb;
        end if;
        if v_type = 'interval' then
            if coalesce(btrim(v_value #>> '{}'), '') !~ '^[0-9]{1,6}$' then
                raise exception using
                    errcode = 'TC005',
                    message = format('%s is a whole number of minutes', v_name),
                    hint = 'Give digits only.';
            end if;
            v_value := to_jsonb(btrim(v_value #>> '{}') || ' minutes');
        elsif jsonb_path_exists(v_value, 'strict $[*] ? (@.type() == "array")', silent => true) then
            -- It would be taken for an array of two dimensions.
            raise exception using
                errcode = 'TC005',
                message = format('%s: %L is of the wrong kind', v_name, left(p_changes ->> v_name, 100)),
                hint = 'Give a list of single values.';
        end if;
        begin
            execute format('select to_jsonb(jsonb_populate_record(null::%s, $1)) -> $2', p_table)
            into v_value
            using jsonb_build_object(v_column, v_value), v_column;
        exception when data_exception then
            raise exception using
                errcode = 'TC005',
                message = format(
                    '%s: %L is %s',
                    v_name,
                    left(p_changes ->> v_name, 100),
                    case
                        when v_type in ('integer', 'smallint', 'bigint') then 'not a whole number, or far too large'
                        when v_type like 'numeric%' then 'not a number, or far too large'
                        when v_type like 'time%' then 'not an hour of the day'
                        when v_type = 'boolean' then 'neither true nor false'
                        else 'of the wrong kind'
                    end
                ),
                hint = case
                    when v_type like 'time%' then 'Write it as 21:30.'
                    when v_type = 'boolean' then 'Give true or false.'
                    else 'Give digits only.'
                end;
        end;
        v_changes := v_changes || jsonb_build_object(v_column, v_value);
    end loop;
    return v_changes;
end;
$$;
comment on function trustcart_private.checked_changes(regclass, jsonb, text[]) is
'Changes of a row as a form or a service gives them, {"camelCase": value}, under the names of the columns and of their
types; a value that was left empty is null, an interval is given in minutes, under its name with Minutes behind it.
p_columns: those that may be changed. What the table''s constraints say is
not asked. TC002 for any other name, TC003 without a change, TC005 for a value that is none of its type.';

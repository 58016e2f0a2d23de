-- requires: adoption_note, adoption_fault_text

create or replace function trustcart_private.adoption_carefully(
    p_source text, p_keys bigint[], p_overwrite bigint[]
)
returns bigint[]
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_write constant text := format('select trustcart_private.%I($1, $2, $3)', 'adopt_write_' || p_source);
    v_half constant integer := cardinality(p_keys) / 2;
    v_arrived bigint[];
    v_state text;
    v_message text;
    v_constraint text;
    v_untried text[];
    v_bad text[] := array[]::text[];
    v_column text;
begin
    begin
        execute v_write into v_arrived using p_keys, p_overwrite, v_bad;
        return coalesce(v_arrived, array[]::bigint[]);
    exception when others then
        -- Not about a value: the one who waits, or the server, must know.
        if sqlstate ~ '^(40|53|55|57|58|XX)' then
            raise;
        end if;
        get stacked diagnostics
            v_state = returned_sqlstate, v_message = message_text, v_constraint = constraint_name;
    end;
    -- The source was altered, and the mapping with it fits no row any more.
    if v_state like '42%' then
        perform trustcart_private.adoption_note(
            p_source, p_keys, '', v_state, trustcart_private.adoption_fault_text(v_state, v_message, v_constraint)
        );
        return array[]::bigint[];
    end if;
    -- Of many one is at fault: each half is tried, so that a few faults cost a few rounds more.
    if v_half > 0 then
        return trustcart_private.adoption_carefully(p_source, p_keys[:v_half], p_overwrite)
            || trustcart_private.adoption_carefully(p_source, p_keys[v_half + 1:], p_overwrite);
    end if;

    select s.optional_columns into v_untried from trustcart_private.adoption_sources as s where s.source_name = p_source;
    begin
        execute v_write into v_arrived using p_keys, p_overwrite, v_untried;
    exception when others then
        if sqlstate ~ '^(40|53|55|57|58|XX)' then
            raise;
        end if;
        get stacked diagnostics
            v_state = returned_sqlstate, v_message = message_text, v_constraint = constraint_name;
        perform trustcart_private.adoption_note(
            p_source, p_keys, '', v_state, trustcart_private.adoption_fault_text(v_state, v_message, v_constraint)
        );
        return array[]::bigint[];
    end;
    if cardinality(v_arrived) = 0 and not p_overwrite @> p_keys then
        return array[]::bigint[];
    end if;
    -- The row is here without its optional columns; now they come one by one.
    foreach v_column in array v_untried loop
        v_untried := array_remove(v_untried, v_column);
        begin
            execute v_write using p_keys, p_overwrite || p_keys, v_bad || v_untried;
        exception when others then
            if sqlstate ~ '^(40|53|55|57|58|XX)' then
                raise;
            end if;
            get stacked diagnostics
                v_state = returned_sqlstate, v_message = message_text, v_constraint = constraint_name;
            v_bad := v_bad || v_column;
            perform trustcart_private.adoption_note(
                p_source,
                p_keys,
                v_column,
                v_state,
                trustcart_private.adoption_fault_text(v_state, v_message, v_constraint)
            );
        end;
    end loop;
    return coalesce(v_arrived, array[]::bigint[]);
end;
$$;
comment on function trustcart_private.adoption_carefully(text, bigint[], bigint[]) is
'What adoption_sync() does, as a writer who may: all rows at once, where that fails each half, where one row fails each
column.';

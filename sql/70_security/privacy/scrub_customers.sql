-- requires: personal_tables, erasure_rules

create or replace function trustcart_private.scrub_customers(p_customer_ids bigint[])
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table record;
    v_set text;
    v_differs text;
    v_rows bigint;
    v_counts jsonb := '{}'::jsonb;
begin
    for v_table in
        select
            p.relation,
            p.name,
            p.condition,
            r.action
        from trustcart_private.personal_tables() as p
        left join trustcart_private.erasure_rules() as r on p.name = r.table_name and r.column_name = '*'
        where r.action is distinct from 'audit' and r.action is distinct from 'keep'
        -- Customers first, as everywhere; what is deleted before the calls, whose triggers would look for it.
        order by p.name <> 'customers', r.action is null, p.name <> 'crm_call_tasks', p.name
    loop
        if v_table.action = 'delete' then
            execute format('delete from %s as t where %s', v_table.relation, v_table.condition) using p_customer_ids;
        else
            select
                string_agg(format('%I = %s', c.attname, c.expression), ', ' order by c.attnum),
                string_agg(
                    format('t.%I::text is distinct from (%s)::text', c.attname, c.expression), ' or ' order by c.attnum
                )
            into v_set, v_differs
            from (
                select
                    a.attname,
                    a.attnum,
                    case
                        when r.action = 'replace' then r.expression
                        when r.action = 'clear' or not (a.attnotnull or y.typnotnull) then 'null'
                        when a.atttypid in ('json'::regtype, 'jsonb'::regtype) or y.typcategory = 'A' then '''{}'''
                        when
                            y.typcategory = 'S' and exists (
                                select
                                from pg_index as i
                                where i.indrelid = a.attrelid and i.indisunique and a.attnum = any(i.indkey)
                            )
                            then format(
                                'case when t.%1$I like ''erased %%'' then t.%1$I::text '
                                'else ''erased '' || gen_random_uuid() end',
                                a.attname
                            )
                        when y.typcategory = 'S' then '''erased'''
                    end as expression
                from pg_attribute as a
                inner join pg_type as y on a.atttypid = y.oid
                left join pg_type as e on y.typelem = e.oid and y.typcategory = 'A'
                left join trustcart_private.erasure_rules() as r
                    on r.table_name = v_table.name and a.attname = r.column_name
                where
                    a.attrelid = v_table.relation
                    and a.attnum > 0
                    and not a.attisdropped
                    and a.attgenerated = ''
                    and r.action is distinct from 'keep'
                    and (
                        r.action is not null
                        or y.oid = 'trustcart.calendar_date'::regtype
                        or y.typcategory in ('S', 'U', 'I', 'X')
                        or y.typcategory = 'A' and e.typcategory not in ('N', 'D', 'B')
                    )
            ) as c
            where c.expression is not null;
            continue when v_set is null;
            if v_table.name = 'customers' then
                -- A write of the derived columns, erased_at is one, counts up.
                v_set := v_set || ', is_active = false, erased_at = coalesce(t.erased_at, now()), updated_at = now(), '
                || 'state_revision = t.state_revision + 1';
                v_differs := v_differs || ' or t.erased_at is null';
            end if;
            execute format(
                'update %s as t set %s where %s and (%s)', v_table.relation, v_set, v_table.condition, v_differs
            )
            using p_customer_ids;
        end if;
        get diagnostics v_rows = row_count;
        if v_rows > 0 then
            v_counts := v_counts || jsonb_build_object(v_table.name, v_rows);
        end if;
    end loop;
    return v_counts;
end;
$$;
comment on function trustcart_private.scrub_customers(bigint[]) is
'Does to everything of these customers, whose rows the caller has locked, what erasure_rules() says, and marks them as
erased; the audit is the caller''s. Run again it changes only what has come in since. Returns the rows changed, by
table.';

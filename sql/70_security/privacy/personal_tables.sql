create or replace function trustcart_private.personal_tables()
returns table (relation regclass, name text, condition text, is_direct boolean)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_customers constant regclass := 'trustcart.customers';
    v_relations regclass[] := array[v_customers];
    -- @ stands for the table's alias.
    v_conditions text[] := array['@.id = any($1)'];
    v_found record;
    v_step integer := 0;
    v_added integer;
begin
    loop
        v_step := v_step + 1;
        v_added := 0;
        for v_found in
            with tables as (
                select
                    c.oid,
                    c.relname
                from pg_class as c
                where
                    c.relnamespace in (
                        'trustcart'::regnamespace, 'trustcart_private'::regnamespace, 'trustcart_api'::regnamespace
                    )
                    and c.relkind in ('r', 'p')
                    and not c.relispartition
                    and c.oid <> all(v_relations)
            ),

            keys as (
                select
                    t.oid,
                    k.confrelid as target,
                    array(
                        select format('@.%I', a.attname)
                        from unnest(k.conkey) with ordinality as x (attnum, place)
                        inner join pg_attribute as a on a.attrelid = t.oid and a.attnum = x.attnum
                        order by x.place
                    ) as columns,
                    array(
                        select format('p%s.%I', v_step, a.attname)
                        from unnest(k.confkey) with ordinality as x (attnum, place)
                        inner join pg_attribute as a on a.attrelid = k.confrelid and a.attnum = x.attnum
                        order by x.place
                    ) as targets
                from tables as t
                inner join pg_constraint as k on t.oid = k.conrelid and k.contype = 'f'
                union
                -- What refers to them without a foreign key has the name of one.
                select
                    t.oid,
                    n.target,
                    array[format('@.%I', a.attname)],
                    array[format('p%s.id', v_step)]
                from tables as t
                inner join pg_attribute as a on t.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
                inner join (
                    values
                    ('customer_id', 'trustcart.customers'::regclass),
                    ('order_id', 'trustcart.sales_orders'::regclass),
                    ('task_id', 'trustcart.crm_call_tasks'::regclass),
                    ('message_id', 'trustcart.campaign_messages'::regclass)
                ) as n (column_name, target)
                    on a.attname = n.column_name
                where
                    a.atttypid = 'bigint'::regtype
                    and not exists (
                        select
                        from pg_constraint as k
                        where k.conrelid = t.oid and k.contype = 'f' and k.conkey = array[a.attnum]
                    )
            )

            -- First those that name the customer; of others whatever leads to one.
            select
                k.oid,
                string_agg(
                    case
                        when v_step = 1 then format('%s = any($1)', k.columns[1])
                        else format(
                            '(%s) in (select %s from %s as p%s where %s)',
                            array_to_string(k.columns, ', '),
                            array_to_string(k.targets, ', '),
                            k.target::regclass,
                            v_step,
                            replace(v_conditions[array_position(v_relations, k.target::regclass)], '@', 'p' || v_step)
                        )
                    end,
                    ' or ' order by k.columns
                ) as condition
            from keys as k
            where k.target = any(v_relations)
            group by k.oid
            order by k.oid
        loop
            v_relations := v_relations || v_found.oid::regclass;
            v_conditions := v_conditions || v_found.condition;
            v_added := v_added + 1;
        end loop;
        exit when v_added = 0;
    end loop;

    return query
    select
        r.relation,
        c.relname::text,
        format('(%s)', replace(r.condition, '@', 't')),
        r.condition !~ '\mselect\M'
    from unnest(v_relations, v_conditions) as r (relation, condition)
    inner join pg_class as c on r.relation = c.oid;
end;
$$;
comment on function trustcart_private.personal_tables() is
'Every table of our schemas that holds something of a customer, read from the catalogue: those with a foreign key to
customers or a column customer_id, and on from there those with a key to one of these, or a column order_id, task_id or
message_id. condition finds the rows of the customers in $1 (bigint[]) in the table as t; is_direct where the table
names the customer itself. What is added later is in it by itself.';

-- requires: personal_tables, merge_rules

create or replace function trustcart_private.move_customer_rows(p_from_id bigint, p_to_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_link record;
    v_keys jsonb;
    v_moved jsonb := '{}'::jsonb;
begin
    for v_link in
        select
            p.name,
            p.relation,
            a.attname::text as column_name,
            -- The rest of the primary key names the row, whosever it is; where there is none, its place does for now.
            coalesce(
                (
                    select format(
                        'jsonb_build_object(%s)',
                        string_agg(format('%L, t.%I', b.attname, b.attname), ', ' order by b.attnum)
                        filter (where b.attname <> a.attname)
                    )
                    from pg_index as i
                    inner join pg_attribute as b on i.indrelid = b.attrelid and b.attnum = any(i.indkey)
                    where i.indrelid = p.relation and i.indisprimary
                    having count(*) > 0
                ),
                'jsonb_build_object(''ctid'', t.ctid)'
            ) as key,
            -- What a unique index forbids to be there twice stays where it is.
            (
                select string_agg(
                    format(
                        ' and not (exists (select from %1$s as s where s.%2$I = $2 and %3$s '
                        'and (s.tableoid, s.ctid) in (select tableoid, ctid from %1$s where %2$I = $2 and %4$s)) and (t.tableoid, t.ctid) in '
                        '(select tableoid, ctid from %1$s where %2$I = $1 and %4$s))',
                        p.relation,
                        a.attname,
                        coalesce(
                            (
                                select string_agg(format('s.%1$I = t.%1$I', b.attname), ' and ' order by b.attnum)
                                from pg_attribute as b
                                where b.attrelid = i.indrelid and b.attnum = any(i.indkey) and b.attname <> a.attname
                            ),
                            'true'
                        ),
                        coalesce(pg_get_expr(i.indpred, i.indrelid), 'true')
                    ),
                    ''
                )
                from pg_index as i
                where i.indrelid = p.relation and i.indisunique and a.attnum = any(i.indkey)
            ) as collisions
        from trustcart_private.personal_tables() as p
        inner join pg_attribute as a on p.relation = a.attrelid and a.attnum > 0 and not a.attisdropped
        left join trustcart_private.merge_rules() as r on p.name = r.table_name
        where
            p.is_direct
            and r.is_moved is distinct from false
            and (
                a.attname = 'customer_id' and a.atttypid = 'bigint'::regtype
                or exists (
                    select
                    from pg_constraint as k
                    where
                        k.conrelid = p.relation and k.contype = 'f' and k.conkey = array[a.attnum]
                        and k.confrelid = 'trustcart.customers'::regclass
                )
            )
        order by coalesce(r.place, 50), p.name, a.attnum
    loop
        execute format(
            'with moved as (update %s as t set %I = $2 where t.%I = $1%s returning %s as key) '
            'select jsonb_agg(m.key) from moved as m',
            v_link.relation, v_link.column_name, v_link.column_name, coalesce(v_link.collisions, ''), v_link.key
        )
        into v_keys
        using p_from_id, p_to_id;
        if v_keys is not null then
            v_moved := v_moved || jsonb_build_object(
                case
                    when v_link.column_name = 'customer_id' then v_link.name
                    else v_link.name || '.' || v_link.column_name
                end,
                v_keys
            );
        end if;
    end loop;
    return v_moved;
end;
$$;
comment on function trustcart_private.move_customer_rows(bigint, bigint) is
'Gives the rows of one customer to another, table by table as merge_rules() says, but those of which the other has one
already by a unique key. Returns by table (and column, where that is not customer_id) the rest of each primary key.';

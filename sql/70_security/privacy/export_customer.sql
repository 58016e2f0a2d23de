-- requires: personal_tables, check_access, log_access, shown_phone

create or replace function trustcart.export_customer(p_customer_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
    v_table record;
    v_rows jsonb;
    v_token text;
    v_result jsonb := '{}'::jsonb;
begin
    perform trustcart.check_access(p_customer_id);
    perform trustcart.log_access(p_customer_id, 'export');
    -- Those who were found to be the same person are that person.
    v_ids := array(
        select c.id
        from trustcart.customers as c
        where c.id = p_customer_id or c.merged_into_id = p_customer_id
        order by c.id
    );
    for v_table in
        select
            p.relation,
            -- Two of one name, of different schemas, are told apart.
            case when count(*) over (partition by p.name) > 1 then p.relation::text else p.name end as key,
            p.condition,
            (
                select string_agg(format('t.%I', a.attname), ', ' order by x.place)
                from pg_index as i
                cross join unnest(i.indkey) with ordinality as x (attnum, place)
                inner join pg_attribute as a on i.indrelid = a.attrelid and x.attnum = a.attnum
                where i.indrelid = p.relation and i.indisprimary
            ) as primary_key
        from trustcart_private.personal_tables() as p
        order by p.name <> 'customers', p.name
    loop
        execute format(
            'select coalesce(jsonb_agg(to_jsonb(t) order by %s), ''[]'') from %s as t where %s',
            coalesce(v_table.primary_key, 'to_jsonb(t)'), v_table.relation, v_table.condition
        )
        into v_rows
        using v_ids;
        v_result := v_result || jsonb_build_object(v_table.key, v_rows);
    end loop;
    -- Encrypted numbers as the caller may see them, wherever they stand.
    if v_result::text like '%enc:%' then
        for v_token in
            select distinct x.found[1]
            from regexp_matches(v_result::text, 'enc:[a-z_]+:[0-9a-f]+', 'g') as x (found)
        loop
            v_result := replace(
                v_result::text, v_token, trim(both '"' from to_json(trustcart.shown_phone(v_token))::text)
            )::jsonb;
        end loop;
    end if;
    return v_result;
end;
$$;
comment on function trustcart.export_customer(bigint) is
'Everything we hold of a person: a key a table of personal_tables(), engine room and audit included, its rows as
objects, [] where there are none. Customers merged into this one are in it. Nothing is left out; encrypted numbers are
shown as shown_phone() does. Noted in audit_logs as export.
TC003 without a customer, TC004 when there is none, TC403 not yours.';

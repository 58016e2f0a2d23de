-- requires: audit_changes, audit_actor

create or replace function trustcart_private.log_audit_rows()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_action text := lower(tg_op);
    v_table text := tg_table_name;
    v_customer text := case tg_table_name when 'customers' then 'id' else 'customer_id' end;
begin
    -- Each row once as jsonb (offset 0), however often it is looked into.
    if tg_op = 'INSERT' then
        insert into trustcart.audit_logs (
            user_id, action, table_name, record_id, customer_id, new_values, acting_role, behalf
        )
        select
            a.user_id,
            v_action,
            v_table,
            r.id,
            (r.new_row ->> v_customer)::bigint,
            c.new_values,
            a.acting_role,
            a.behalf
        from trustcart_private.audit_actor() as a
        cross join (
            select
                n.id,
                to_jsonb(n) as new_row
            from new_rows as n
            offset 0
        ) as r
        cross join lateral trustcart_private.audit_changes(v_table, null, r.new_row) as c;
    elsif tg_op = 'UPDATE' then
        insert into trustcart.audit_logs (
            user_id, action, table_name, record_id, customer_id, old_values, new_values, acting_role, behalf
        )
        select
            a.user_id,
            v_action,
            v_table,
            r.id,
            (coalesce(r.new_row, r.old_row) ->> v_customer)::bigint,
            c.old_values,
            c.new_values,
            a.acting_role,
            a.behalf
        from trustcart_private.audit_actor() as a
        cross join (
            select
                coalesce(n.id, o.id) as id,
                to_jsonb(o) as old_row,
                to_jsonb(n) as new_row
            from old_rows as o
            full join new_rows as n on o.id = n.id
            offset 0
        ) as r
        cross join lateral trustcart_private.audit_changes(v_table, r.old_row, r.new_row) as c
        where c.old_values is not null or c.new_values is not null;
    else
        insert into trustcart.audit_logs (
            user_id, action, table_name, record_id, customer_id, old_values, acting_role, behalf
        )
        select
            a.user_id,
            v_action,
            v_table,
            r.id,
            (r.old_row ->> v_customer)::bigint,
            c.old_values,
            a.acting_role,
            a.behalf
        from trustcart_private.audit_actor() as a
        cross join (
            select
                o.id,
                to_jsonb(o) as old_row
            from old_rows as o
            offset 0
        ) as r
        cross join lateral trustcart_private.audit_changes(v_table, r.old_row, null) as c;
    end if;
    return null;
end;
$$;
comment on function trustcart_private.log_audit_rows() is
'Trigger by statement, for tables with an id whose rows come in bulk: writes each row to audit_logs as
log_audit_trail() does.';

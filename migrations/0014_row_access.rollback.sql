alter table trustcart.customer_engagement_history drop column if exists recorded_by;
alter function trustcart_private.is_time_zone(text) set search_path = pg_catalog;
drop index if exists trustcart.crm_call_tasks_access_idx;
do $$
declare
    v_policy record;
begin
    for v_policy in
        select
            c.oid::regclass as relation,
            p.polname
        from pg_policy as p
        inner join pg_class as c on p.polrelid = c.oid
        where c.relnamespace = 'trustcart'::regnamespace
    loop
        execute format('drop policy if exists %I on %s', v_policy.polname, v_policy.relation);
        execute format('alter table %s disable row level security', v_policy.relation);
    end loop;
end;
$$;
drop function if exists trustcart_private.secure_rows(text);

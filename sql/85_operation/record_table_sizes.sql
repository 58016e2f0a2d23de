-- requires: table_bytes, require_date, business_date

create or replace function trustcart.record_table_sizes(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_tables bigint;
    v_bytes numeric;
begin
    delete from trustcart_private.table_sizes as t where t.measured_on < v_as_of - 400;
    with written as (
        insert into trustcart_private.table_sizes (measured_on, table_name, bytes)
        select
            v_as_of,
            b.table_name,
            b.bytes
        from trustcart_private.table_bytes() as b
        on conflict (measured_on, table_name) do update
        set bytes = excluded.bytes
        returning bytes
    )

    select
        count(*),
        sum(w.bytes)
    into v_tables, v_bytes
    from written as w;
    return jsonb_build_object('as_of', v_as_of, 'tables', v_tables, 'bytes', v_bytes);
end;
$$;
comment on function trustcart.record_table_sizes(date) is
'Daily job: notes how large the tables are now as the size of p_as_of, for doctor_storage() to tell how fast they grow,
and forgets what is older than 400 days. Returns {"as_of", "tables", "bytes": of all}. TC001 date.';

create or replace function trustcart_private.table_bytes()
returns table (table_name text, bytes bigint)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        -- A partition is its parent's.
        coalesce(pg_partition_root(c.oid)::oid, c.oid)::regclass::text,
        sum(pg_total_relation_size(c.oid))::bigint
    from pg_class as c
    inner join pg_namespace as n on c.relnamespace = n.oid
    where n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api') and c.relkind in ('r', 'm')
    group by 1;
end;
$$;
comment on function trustcart_private.table_bytes() is
'How large each table of ours is on disk, in bytes, with its indexes, long values and partitions.';

create or replace function trustcart.adoption_status()
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_build_object(
            'state', a.state,
            'mapping', a.mapping_name,
            'package_version', a.package_version,
            'time_zone', a.time_zone,
            'began_at', a.began_at,
            'live_at', a.live_at,
            'removed_at', a.removed_at,
            'quarantined', (select count(*) from trustcart_private.adoption_quarantine as q),
            'sources', (
                select coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'entity', s.entity,
                            'table', s.source_table,
                            'rows_read', s.rows_done,
                            'done_at', s.done_at,
                            'quarantined', (
                                select count(*)
                                from trustcart_private.adoption_quarantine as q
                                where q.entity = s.entity and q.slot = s.slot
                            )
                        )
                        order by array_position(
                            '{users,categories,products,customers,orders,items}'::text[], s.entity
                        ), s.slot
                    ),
                    '[]'
                )
                from trustcart_private.adoption_sources as s
            )
        )
        from trustcart_private.adoptions as a
    );
end;
$$;
comment on function trustcart.adoption_status() is
'How the adoption of an ERP''s tables stands: {"state" (backfilling, live, removed), "mapping", "package_version",
"time_zone", "began_at", "live_at", "removed_at", "quarantined", "sources": a row a table with its entity, rows read by
the backfill, when that was done, and what is in the quarantine}; null when nothing was ever adopted.';

create or replace function trustcart.installed()
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_build_object(
            'version', i.version,
            'bundle_sha256', i.bundle_sha256,
            'migrated_at', i.migrated_at,
            'migrated_by', i.migrated_by,
            'migrations', (
                select coalesce(jsonb_agg(m.migration_id order by m.applied_at_utc, m.migration_id), '[]')
                from trustcart_private._yoyo_migration as m
            ),
            'objects', (
                select coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'path', b.path,
                            'object_kind', b.object_kind,
                            'object_identities', b.object_identities,
                            'sha256', b.sha256
                        )
                        order by b.path
                    ),
                    '[]'
                )
                from trustcart_private.bundle_objects as b
            )
        )
        from (select) as one
        left join trustcart_private.installation as i on true
    );
end;
$$;
comment on function trustcart.installed() is
'What migrate has on record, for those who may not read trustcart_private: {"version", "bundle_sha256", "migrated_at",
"migrated_by" (null while no migrate has completed), "migrations": ids in the order applied, "objects": path,
object_kind, object_identities and sha256 of each file of sql/}.';

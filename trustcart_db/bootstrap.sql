-- What migrate needs before the first migration: the record of what is installed. Run by migrate alone, and only while
-- some of it is missing; the schemas have been created before.

create table if not exists trustcart_private.installation (
    id boolean not null default true,
    version text not null,
    bundle_sha256 text not null,
    migrated_at timestamptz not null,
    migrated_by text not null,
    constraint installation_pkey primary key (id),
    constraint installation_one_row check (id)
);
comment on table trustcart_private.installation is
'One row: which version of trustcart-db last migrated this database. Absent while a migrate has never completed.';
comment on column trustcart_private.installation.id is 'Always true, so that there is one row at most.';
comment on column trustcart_private.installation.version is 'Version of the package; older ones refuse to migrate.';
comment on column trustcart_private.installation.bundle_sha256 is 'SHA-256 over all files of sql/, paths included.';
comment on column trustcart_private.installation.migrated_at is 'When a migrate last changed something.';
comment on column trustcart_private.installation.migrated_by is 'The role that ran it.';

create table if not exists trustcart_private.bundle_objects (
    path text not null,
    object_kind text not null,
    object_identities text[] not null,
    sha256 text not null,
    applied_at timestamptz not null,
    constraint bundle_objects_pkey primary key (path),
    constraint bundle_objects_kind check (
        object_kind in ('roles', 'function', 'view', 'trigger', 'policy', 'grants')
    )
);
comment on table trustcart_private.bundle_objects is
'One row per file of sql/ that stands applied: how migrate knows what changed, what is missing and what to drop.';
comment on column trustcart_private.bundle_objects.path is 'The file, relative to the package''s root.';
comment on column trustcart_private.bundle_objects.object_kind is 'What the file makes.';
comment on column trustcart_private.bundle_objects.object_identities is
'The objects as the catalogue names them: schema.function(argument types), schema.view, trigger on schema.table.';
comment on column trustcart_private.bundle_objects.sha256 is
'SHA-256 of the file as applied. Empty for grants that are due again because an object was made since.';
comment on column trustcart_private.bundle_objects.applied_at is 'When it was last applied.';

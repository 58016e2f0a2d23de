-- What operating takes: call attempts by month and for how long they stay, sizes of the tables day by day, and the
-- rights that were given, so that doctor can tell which are no more as they were.
-- depends: 0023_adoption

alter table trustcart.settings add column if not exists attempts_keep_months integer;
alter table trustcart.settings drop constraint if exists settings_attempts_keep_months_sane;
-- One row: nothing is gained by validating it later.
alter table trustcart.settings
-- squawk-ignore constraint-missing-not-valid
add constraint settings_attempts_keep_months_sane check (attempts_keep_months between 13 and 1200);
comment on column trustcart.settings.attempts_keep_months is
'For how many months before the present one call attempts are kept; null: for ever. A year and a month at least, for
plans, calls that were agreed upon and reports look back at them.';

create table if not exists trustcart_private.given_rights (
    object text not null,
    grantee text not null,
    privilege text not null,
    constraint given_rights_pkey primary key (object, grantee, privilege)
);
comment on table trustcart_private.given_rights is
'The rights on our schemas as grants.sql last left them, written at its end; what differs from them, doctor names.';
comment on column trustcart_private.given_rights.object is 'Kind and identity of what the right is on.';
comment on column trustcart_private.given_rights.grantee is 'The group role, pg_monitor or PUBLIC.';
comment on column trustcart_private.given_rights.privilege is 'The right, such as execute.';

create table if not exists trustcart_private.table_sizes (
    measured_on date not null,
    table_name text not null,
    bytes bigint not null,
    constraint table_sizes_pkey primary key (measured_on, table_name),
    constraint table_sizes_bytes_sane check (bytes >= 0)
);
comment on table trustcart_private.table_sizes is
'How large each table of ours was, day by day for 400 days: by it doctor tells how fast the disk fills.';
comment on column trustcart_private.table_sizes.measured_on is 'The business date on which it was measured.';
comment on column trustcart_private.table_sizes.table_name is 'The table with its schema; partitions count to it.';
comment on column trustcart_private.table_sizes.bytes is 'Bytes on disk, with indexes and long values.';

insert into trustcart.job_schedules (job_name, run_order, run_at, description)
values
('ensure_attempt_partitions', 57, '01:00', 'Make the coming months'' partitions of the call attempts'),
('drop_old_attempts', 58, '01:00', 'Remove call attempts older than settings.attempts_keep_months'),
('record_table_sizes', 95, '03:00', 'Note how large the tables are')
on conflict do nothing;

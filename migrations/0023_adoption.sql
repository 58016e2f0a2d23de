-- Adoption: the ERP's own tables, that ours follow. What was adopted, how far the past has come over, and what could
-- not come over.
-- depends: 0021_dashboards

create table if not exists trustcart_private.adoptions (
    id boolean not null default true,
    mapping_name text not null,
    mapping text not null,
    rendered_sha256 text not null,
    package_version text not null,
    time_zone text not null,
    state text not null,
    began_at timestamptz not null default now(),
    live_at timestamptz,
    removed_at timestamptz,
    constraint adoptions_pkey primary key (id),
    constraint adoptions_one_row check (id),
    constraint adoptions_state_known check (state in ('backfilling', 'live', 'removed')),
    constraint adoptions_removed_at_when_removed check ((removed_at is not null) = (state = 'removed'))
);
comment on table trustcart_private.adoptions is
'What `trustcart-db adopt` set up: one row at most, kept after `adopt --remove`.';
comment on column trustcart_private.adoptions.id is 'Always true: there is one adoption.';
comment on column trustcart_private.adoptions.mapping_name is 'Name of the mapping''s file, without its folder.';
comment on column trustcart_private.adoptions.mapping is 'The mapping as it was read, TOML.';
comment on column trustcart_private.adoptions.rendered_sha256 is
'SHA-256 of the SQL that was rendered from the mapping; another package may render another.';
comment on column trustcart_private.adoptions.package_version is 'The package that rendered it.';
comment on column trustcart_private.adoptions.time_zone is 'Of the source''s timestamps without time zone.';
comment on column trustcart_private.adoptions.state is
'backfilling: the source''s triggers are on, or being put on, and the past is coming over; live: in step; removed: the
rows are ours alone.';
comment on column trustcart_private.adoptions.began_at is 'When it was first adopted.';
comment on column trustcart_private.adoptions.live_at is 'When the past had first come over; null before.';
comment on column trustcart_private.adoptions.removed_at is 'When it was removed; null before.';

create table if not exists trustcart_private.adoption_sources (
    entity text not null,
    slot smallint not null default 0,
    source_name text not null,
    source_table text not null,
    columns text[] not null,
    optional_columns text[] not null,
    own_ids bigint[] not null default '{}',
    definition_sha256 text not null,
    last_key bigint,
    rows_done bigint not null default 0,
    done_at timestamptz,
    kept_to bigint,
    constraint adoption_sources_pkey primary key (entity, slot),
    constraint adoption_sources_source_name_key unique (source_name),
    constraint adoption_sources_entity_known check (
        entity in ('users', 'categories', 'products', 'customers', 'orders', 'items')
    ),
    constraint adoption_sources_slot_known check (slot between 0 and 7)
);
comment on table trustcart_private.adoption_sources is
'A row a table of the source: what it becomes with us, and how far the backfill has come.';
comment on column trustcart_private.adoption_sources.entity is
'users, categories, products, customers, orders, items.';
comment on column trustcart_private.adoption_sources.slot is
'Of items the place of their table in the mapping: with several, an item''s id is 8 times the source''s, plus this.';
comment on column trustcart_private.adoption_sources.source_name is
'Ending of the names of the generated functions: orders, items_1 and so on.';
comment on column trustcart_private.adoption_sources.source_table is 'The source''s table, with its schema.';
comment on column trustcart_private.adoption_sources.columns is 'Our columns that belong to the source.';
comment on column trustcart_private.adoption_sources.optional_columns is
'Those of them that may stay null when a value cannot come over.';
comment on column trustcart_private.adoption_sources.own_ids is
'Users that were here before the adoption: not the source''s, though their ids are above zero.';
comment on column trustcart_private.adoption_sources.definition_sha256 is
'SHA-256 of what reads this source: another one, and all its rows are read again.';
comment on column trustcart_private.adoption_sources.last_key is
'Up to which key the backfill has come, of orders up to which place of adoption_queue; null at first.';
comment on column trustcart_private.adoption_sources.rows_done is 'How many keys the backfill has read.';
comment on column trustcart_private.adoption_sources.done_at is 'When the backfill of this source ended; null before.';
comment on column trustcart_private.adoption_sources.kept_to is
'The highest id that it had brought when the adoption was removed: adopted again, these rows are known.';

create table if not exists trustcart_private.adoption_queue (
    place bigint not null,
    source_key bigint not null,
    constraint adoption_queue_pkey primary key (place)
);
comment on table trustcart_private.adoption_queue is
'The keys of the source''s orders in the order in which the backfill brings them, customer by customer: so each
customer''s figures are written once or twice, not once an order. Empty before and after.';
comment on column trustcart_private.adoption_queue.place is
'From 1 on; adoption_sources.last_key tells how far it is done.';
comment on column trustcart_private.adoption_queue.source_key is 'Key of the row in the source''s table.';

create table if not exists trustcart_private.adoption_quarantine (
    entity text not null,
    slot smallint not null,
    source_key bigint not null,
    column_name text not null,
    sqlstate text not null,
    message text not null,
    awaits_entity text,
    awaits_key bigint,
    tries integer not null default 1,
    first_seen timestamptz not null default now(),
    last_seen timestamptz not null default now(),
    constraint adoption_quarantine_pkey primary key (entity, slot, source_key, column_name),
    constraint adoption_quarantine_awaits_whole check ((awaits_entity is null) = (awaits_key is null))
);
create index if not exists adoption_quarantine_awaits_idx
on trustcart_private.adoption_quarantine (awaits_entity, awaits_key) where awaits_key is not null;
comment on table trustcart_private.adoption_quarantine is
'Rows and columns of the source that could not come over. No copy of a value: repair reads the source again.';
comment on column trustcart_private.adoption_quarantine.entity is 'As in adoption_sources.';
comment on column trustcart_private.adoption_quarantine.slot is 'As in adoption_sources.';
comment on column trustcart_private.adoption_quarantine.source_key is 'Key of the row in the source''s table.';
comment on column trustcart_private.adoption_quarantine.column_name is
'Our column, which is null meanwhile; empty: the whole row is not here, or is as it was before.';
comment on column trustcart_private.adoption_quarantine.sqlstate is 'What kind of fault it is.';
comment on column trustcart_private.adoption_quarantine.message is
'The fault in words; of values only those that a map does not know are named.';
comment on column trustcart_private.adoption_quarantine.awaits_entity is
'What it refers to and is not here, if that is it.';
comment on column trustcart_private.adoption_quarantine.awaits_key is
'Key of the row that it waits for: when that comes, this one is read again.';
comment on column trustcart_private.adoption_quarantine.tries is 'How often it was tried.';
comment on column trustcart_private.adoption_quarantine.first_seen is 'When it was first refused.';
comment on column trustcart_private.adoption_quarantine.last_seen is 'When it was last refused.';

create table if not exists trustcart_private.adopted_guests (
    phone_e164 text not null,
    customer_id bigint not null,
    constraint adopted_guests_pkey primary key (phone_e164),
    constraint adopted_guests_customer_id_fkey foreign key (customer_id)
    references trustcart.customers (id) on delete cascade
);
create index if not exists adopted_guests_customer_id_idx on trustcart_private.adopted_guests (customer_id);
comment on table trustcart_private.adopted_guests is
'Customers that were made for orders of guests, by the number that the order names.';
comment on column trustcart_private.adopted_guests.phone_e164 is 'The number, in E.164.';
comment on column trustcart_private.adopted_guests.customer_id is
'The guest, with an id below zero; the row goes with it.';

create table if not exists trustcart_private.adopted_guest_orders (
    order_id bigint not null,
    phone_e164 text not null,
    constraint adopted_guest_orders_pkey primary key (order_id),
    constraint adopted_guest_orders_order_id_fkey foreign key (order_id)
    references trustcart.sales_orders (id) on delete cascade
);
create index if not exists adopted_guest_orders_phone_e164_idx
on trustcart_private.adopted_guest_orders (phone_e164);
comment on table trustcart_private.adopted_guest_orders is
'Orders that name no customer but a number: they move to who has it, when the source says so.';
comment on column trustcart_private.adopted_guest_orders.order_id is 'The order; the row goes with it.';
comment on column trustcart_private.adopted_guest_orders.phone_e164 is 'The number, in E.164.';

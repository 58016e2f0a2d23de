-- The shop's rules and vocabularies: everything else refers to them.

create schema if not exists trustcart;
create schema if not exists trustcart_private;
create schema if not exists trustcart_api;

comment on schema trustcart is
'The contract: every table, view and function that the guide names, under the guide''s name.';
comment on schema trustcart_private is
'The engine room: rollups, helpers and trigger functions. Nobody outside has USAGE on it.';
comment on schema trustcart_api is
'One function per HTTP endpoint of the guide: arguments in, jsonb out.';

-- Used by a CHECK, so it is stateful and lives here, not in sql/.
create or replace function trustcart_private.is_time_zone(p_name text)
returns boolean
language plpgsql stable parallel safe strict
security invoker
set search_path = pg_catalog
as $$
begin
    perform now() at time zone p_name;
    return true;
exception when invalid_parameter_value then
    return false;
end;
$$;
comment on function trustcart_private.is_time_zone(text) is
'True when the server knows the name as a time zone; behind the CHECK on settings.time_zone.';

-- What is entered by hand about people is of these types: a domain's CHECK is looked at when its column is written, a
-- table's with every update of the row, and every order updates its customer.
do $$
begin
    create domain trustcart.email_address as text
    constraint email_address_form check (value ~ '^[^@\s]+@[^@\s]+$');
    create domain trustcart.calendar_date as date
    constraint calendar_date_sane check (value >= '1850-01-01' and value < '2200-01-01');
    create domain trustcart.gender as text
    constraint gender_known check (value in ('female', 'male', 'other'));
exception when duplicate_object then
    null;  -- applied again after a crash between the DDL and its mark
end;
$$;
comment on domain trustcart.email_address is 'An e-mail address: something, @, something, no spaces.';
comment on domain trustcart.calendar_date is 'A date in a person''s lifetime: neither infinite nor out of all bounds.';
comment on domain trustcart.gender is 'female, male or other.';

create table if not exists trustcart.settings (
    id boolean not null default true,
    time_zone text not null default 'Asia/Dhaka',
    vip_order_count integer not null default 6,
    vip_spend numeric(14, 2) not null default 50000,
    inactive_from_days integer not null default 90,
    at_risk_from_days integer not null default 60,
    churned_after_days integer not null default 90,
    hot_within_days integer not null default 7,
    warm_within_days integer not null default 30,
    dropoff_low_after_days integer not null default 30,
    dropoff_medium_after_days integer not null default 60,
    dropoff_high_after_days integer not null default 90,
    dropoff_critical_after_days integer not null default 120,
    cart_abandoned_after interval not null default interval '24 hours',
    cart_recovery_days integer not null default 7,
    preferred_category_count integer not null default 5,
    updated_at timestamptz not null default now(),
    constraint settings_pkey primary key (id),
    constraint settings_one_row check (id),
    constraint settings_time_zone_known check (trustcart_private.is_time_zone(time_zone)),
    constraint settings_vip_order_count_above_new check (vip_order_count >= 2),
    constraint settings_vip_spend_positive check (vip_spend > 0 and vip_spend < 1e12),
    constraint settings_inactive_positive check (inactive_from_days between 1 and 36500),
    constraint settings_lifecycle_in_order check (
        at_risk_from_days >= 1 and at_risk_from_days <= churned_after_days and churned_after_days <= 36500
    ),
    constraint settings_temperature_in_order check (
        hot_within_days >= 0 and hot_within_days < warm_within_days and warm_within_days <= 36500
    ),
    constraint settings_dropoff_in_order check (
        dropoff_low_after_days >= 0
        and dropoff_low_after_days < dropoff_medium_after_days
        and dropoff_medium_after_days < dropoff_high_after_days
        and dropoff_high_after_days < dropoff_critical_after_days
        and dropoff_critical_after_days <= 36500
    ),
    constraint settings_cart_abandoned_after_positive check (cart_abandoned_after > interval '0'),
    constraint settings_cart_recovery_days_positive check (cart_recovery_days between 1 and 365),
    constraint settings_preferred_category_count_positive check (preferred_category_count between 1 and 100)
);
comment on table trustcart.settings is
'The thresholds of every rule, one row. Change one and run refresh_customer_state(): that is all it takes.';
comment on column trustcart.settings.id is 'Always true: there is one row.';
comment on column trustcart.settings.time_zone is
'Time zone of the business; business_date() is the date now in it.';
comment on column trustcart.settings.vip_order_count is 'Counted orders from which a customer is vip (guide: 6+).';
comment on column trustcart.settings.vip_spend is 'Total spend from which a customer is vip, in taka (guide: 50,000).';
comment on column trustcart.settings.inactive_from_days is
'Days since the last counted order from which customer_type is inactive (guide: 90+).';
comment on column trustcart.settings.at_risk_from_days is
'Days since the last counted order from which lifecycle_stage is at_risk (guide: 60+).';
comment on column trustcart.settings.churned_after_days is
'Days since the last counted order after which lifecycle_stage is churned (DESIGN: more than 90).';
comment on column trustcart.settings.hot_within_days is 'Temperature hot up to this many days since the last order.';
comment on column trustcart.settings.warm_within_days is
'Temperature warm up to this many days since the last order.';
comment on column trustcart.settings.dropoff_low_after_days is
'Dropoff risk low after this many days without an order.';
comment on column trustcart.settings.dropoff_medium_after_days is
'Dropoff risk medium after this many days without an order.';
comment on column trustcart.settings.dropoff_high_after_days is
'Dropoff risk high after this many days without an order.';
comment on column trustcart.settings.dropoff_critical_after_days is
'Dropoff risk critical after this many days without an order.';
comment on column trustcart.settings.cart_abandoned_after is
'A cart without an order for this long since it was last touched is abandoned.';
comment on column trustcart.settings.cart_recovery_days is
'An order within this many days after a cart was abandoned recovers it.';
comment on column trustcart.settings.preferred_category_count is
'How many categories customer_behavior.preferred_categories names at most.';
comment on column trustcart.settings.updated_at is 'When the row was last changed; kept by a trigger.';

insert into trustcart.settings (id) values (true) on conflict do nothing;

create table if not exists trustcart.order_statuses (
    status text not null,
    counts boolean not null,
    constraint order_statuses_pkey primary key (status),
    constraint order_statuses_status_word check (status ~ '^[a-z][a-z0-9_]*$')
);
comment on table trustcart.order_statuses is
'The vocabulary of sales_orders.status, and which of them count in every figure.';
comment on column trustcart.order_statuses.status is 'The status as orders carry it, lower case.';
comment on column trustcart.order_statuses.counts is
'True when an order of this status counts as bought. Changing it recomputes the customers concerned.';

insert into trustcart.order_statuses (status, counts)
values
('pending', true),
('confirmed', true),
('approved', true),
('processing', true),
('packed', true),
('shipped', true),
('in_transit', true),
('delivered', true),
('completed', true),
('cancelled', false),
('returned', false),
('refunded', false),
('rejected', false),
('failed', false)
on conflict do nothing;

-- One row that the planner takes for hundreds, while it has no statistics, makes every plan that joins it look huge.
analyze trustcart.settings;
analyze trustcart.order_statuses;

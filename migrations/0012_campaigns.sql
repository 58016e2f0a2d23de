-- Campaigns: who is written to, what went out, what came back, which orders followed.
-- depends: 0011_events_loyalty

-- The default after the column: functions bound to the row type forbid adding a column that has one.
alter table trustcart.settings add column if not exists marketing_opt_in boolean;
alter table trustcart.settings alter column marketing_opt_in set default false;
update trustcart.settings set marketing_opt_in = default
where marketing_opt_in is null;
alter table trustcart.settings alter column marketing_opt_in set not null;
alter table trustcart.settings add column if not exists marketing_quiet_days integer;
alter table trustcart.settings alter column marketing_quiet_days set default 0;
update trustcart.settings set marketing_quiet_days = default
where marketing_quiet_days is null;
alter table trustcart.settings alter column marketing_quiet_days set not null;
alter table trustcart.settings add column if not exists attribution_days integer;
alter table trustcart.settings alter column attribution_days set default 7;
update trustcart.settings set attribution_days = default
where attribution_days is null;
alter table trustcart.settings alter column attribution_days set not null;
alter table trustcart.settings add column if not exists shop_name text;
alter table trustcart.settings add column if not exists public_url text;
alter table trustcart.settings drop constraint if exists settings_marketing_quiet_days_sane;
alter table trustcart.settings
add constraint settings_marketing_quiet_days_sane check (marketing_quiet_days between 0 and 365);
alter table trustcart.settings drop constraint if exists settings_attribution_days_sane;
alter table trustcart.settings
add constraint settings_attribution_days_sane check (attribution_days between 0 and 365);
alter table trustcart.settings drop constraint if exists settings_public_url_form;
alter table trustcart.settings
add constraint settings_public_url_form check (public_url ~ '^https?://[^\s]+[^/\s]$');
comment on column trustcart.settings.marketing_opt_in is
'True: marketing goes only to those whose latest consent for the channel is granted; false: to all but those who
refused.';
comment on column trustcart.settings.marketing_quiet_days is
'Days after a campaign message during which the customer gets no other; 0: only the weekly cap limits them.';
comment on column trustcart.settings.attribution_days is
'An order within this many days after a campaign message is attributed to it, unless the campaign says otherwise.';
comment on column trustcart.settings.shop_name is 'Name of the shop, as messages say it.';
comment on column trustcart.settings.public_url is
'Address under which customers reach the unsubscribe page, without a slash at its end; null: there is none.';

-- All of them, where preferred_categories has the first few: a segment that asks what was bought reads no orders.
do $$
begin
    alter table trustcart.customer_behavior add column bought_categories text [] not null default '{}';
    update trustcart.customer_behavior set refresh_due = true
    where preferred_categories <> '{}' and not refresh_due;
exception when duplicate_column then
    null;  -- applied again after a crash between the DDL and its mark
end;
$$;
comment on column trustcart.customer_behavior.bought_categories is
'Names of all categories of the customer''s counted orders, as of the last refresh.';

-- Who refused a channel: a batch of messages is held against the e-mail addresses of these.
create index if not exists customer_consents_refused_idx
on trustcart.customer_consents (channel, customer_id) where not granted;

create table if not exists trustcart.template_variables (
    name text not null,
    description text not null,
    fallback text not null,
    of_event boolean not null default false,
    constraint template_variables_pkey primary key (name),
    constraint template_variables_name_word check (name ~ '^[a-z][a-z0-9_]*$')
);
comment on table trustcart.template_variables is
'What a message template may name as {{ name }}; anything else is refused when the campaign is saved.';
comment on column trustcart.template_variables.name is 'Name, as templates write it.';
comment on column trustcart.template_variables.description is 'What stands in its place.';
comment on column trustcart.template_variables.fallback is 'What stands there when the customer has no such thing.';
comment on column trustcart.template_variables.of_event is 'True: only campaigns with a trigger event know it.';

insert into trustcart.template_variables (name, description, fallback, of_event)
values
('name', 'First and last name of the customer', 'dear customer', false),
('first_name', 'First name of the customer', 'dear customer', false),
('last_name', 'Last name of the customer', '', false),
('customer_type', 'new, repeat, vip or inactive', '', false),
('loyalty_tier', 'Loyalty tier: silver, gold ...', '', false),
('order_count', 'Number of counted orders', '0', false),
('total_spend', 'Sum of the counted orders, in taka', '0', false),
('last_order_date', 'Date of the last counted order', '', false),
('days_since_last_order', 'Days since the last counted order', '', false),
('discount_code', 'Discount code of the campaign', '', false),
('campaign_name', 'Name of the campaign', '', false),
('shop_name', 'Name of the shop (settings.shop_name)', 'our shop', false),
('unsubscribe_url', 'Address at which one click ends these messages (settings.public_url)', '', false),
('event_name', 'Whose birthday or anniversary it is', 'dear customer', true),
('event_date', 'Date of the birthday, anniversary or other event', '', true),
('days_until', 'Days until the event', '', true),
('cart_total', 'What is in the abandoned cart, in taka', '', true)
on conflict do nothing;
analyze trustcart.template_variables;

create table if not exists trustcart.segment_attributes (
    attribute text not null,
    kind text not null,
    description text not null,
    constraint segment_attributes_pkey primary key (attribute),
    constraint segment_attributes_kind_key unique (attribute, kind),
    constraint segment_attributes_kind_known check (kind in ('words', 'range', 'flag'))
);
comment on table trustcart.segment_attributes is 'What the rules of a segment can ask about a customer.';
comment on column trustcart.segment_attributes.attribute is 'Name of the attribute.';
comment on column trustcart.segment_attributes.kind is
'words: one of a list; range: a number from at_least to at_most; flag: true of the customer.';
comment on column trustcart.segment_attributes.description is 'What it asks.';

insert into trustcart.segment_attributes (attribute, kind, description)
values
('customer_type', 'words', 'new, repeat, vip or inactive'),
('lifecycle_stage', 'words', 'prospect, new, active, at_risk or churned'),
('temperature', 'words', 'hot, warm or cold'),
('loyalty_tier', 'words', 'Current loyalty tier'),
('gender', 'words', 'female, male or other'),
('district', 'words', 'District (zila), whatever the case'),
('city', 'words', 'City or town, whatever the case'),
('category_bought', 'words', 'Bought from one of these categories, by name'),
('total_spend', 'range', 'Sum of the counted orders, in taka'),
('order_count', 'range', 'Number of counted orders'),
('days_since_last_order', 'range', 'Days since the last counted order; nobody without one'),
('days_since_registration', 'range', 'Days since the customer was entered'),
('event_in_days', 'range', 'Days until the next birthday or anniversary of the customer'),
('family_birthday_in_days', 'range', 'Days until the next birthday in the family'),
('has_children', 'flag', 'Has a child among the family members'),
('has_abandoned_cart', 'flag', 'Has an abandoned cart that no order followed')
on conflict do nothing;
analyze trustcart.segment_attributes;

create table if not exists trustcart.segments (
    id bigint generated by default as identity,
    name text not null,
    description text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint segments_pkey primary key (id),
    constraint segments_name_key unique (name),
    constraint segments_name_word check (name ~ '^[a-z][a-z0-9_]*$'),
    constraint segments_name_free check (name not in ('all', 'new', 'repeat', 'vip', 'inactive'))
);
comment on table trustcart.segments is
'Saved segments: the active customers of whom every rule holds. The guide''s five (all, new, repeat, vip, inactive)
are not saved.';
comment on column trustcart.segments.id is 'Identity of the segment.';
comment on column trustcart.segments.name is 'Name, as marketing_campaigns.target_segment says it.';
comment on column trustcart.segments.description is 'What it is for.';
comment on column trustcart.segments.created_at is 'When the row was made.';
comment on column trustcart.segments.updated_at is 'When the row was last changed; kept by a trigger.';

create table if not exists trustcart.segment_rules (
    id bigint generated by default as identity,
    segment_id bigint not null,
    attribute text not null,
    kind text not null,
    is_excluded boolean not null default false,
    words text[],
    at_least numeric,
    at_most numeric,
    constraint segment_rules_pkey primary key (id),
    constraint segment_rules_segment_id_fkey foreign key (segment_id)
    references trustcart.segments (id) on delete cascade,
    constraint segment_rules_attribute_fkey foreign key (attribute, kind)
    references trustcart.segment_attributes (attribute, kind) on update cascade on delete restrict,
    constraint segment_rules_value_of_kind check (
        case kind
            when 'words'
                then coalesce(cardinality(words) > 0, false) and at_least is null and at_most is null
            when 'range'
                then words is null and coalesce(at_least, at_most) is not null
            else words is null and at_least is null and at_most is null
        end
    ),
    constraint segment_rules_range_in_order check (at_least <= at_most)
);
create index if not exists segment_rules_segment_id_idx on trustcart.segment_rules (segment_id);
create index if not exists segment_rules_attribute_idx on trustcart.segment_rules (attribute, kind);
comment on table trustcart.segment_rules is 'The rules of saved segments; all of a segment''s must hold.';
comment on column trustcart.segment_rules.id is 'Identity of the rule.';
comment on column trustcart.segment_rules.segment_id is 'Whose rule it is; goes with the segment.';
comment on column trustcart.segment_rules.attribute is 'What it asks about; one of segment_attributes.';
comment on column trustcart.segment_rules.kind is
'Kind of the attribute; filled in by a trigger where it is not given.';
comment on column trustcart.segment_rules.is_excluded is 'True: those of whom it holds are left out instead.';
comment on column trustcart.segment_rules.words is 'words: the values of which the customer has one.';
comment on column trustcart.segment_rules.at_least is 'range: the least value; null: no lower bound.';
comment on column trustcart.segment_rules.at_most is 'range: the greatest value; null: no upper bound.';

create table if not exists trustcart.marketing_campaigns (
    id bigint generated by default as identity,
    campaign_name text not null,
    campaign_type text not null default 'sms',
    target_segment text not null default 'all',
    subject text,
    message_template text,
    discount_code text,
    start_date date,
    end_date date,
    is_active boolean not null default true,
    is_scheduled boolean not null default false,
    trigger_event text,
    notice_days integer,
    holdout_percentage numeric(5, 2) not null default 0,
    attribution_days integer,
    sent_count integer not null default 0,
    response_count integer not null default 0,
    frozen_at timestamptz,
    created_by bigint,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint marketing_campaigns_pkey primary key (id),
    constraint marketing_campaigns_created_by_fkey foreign key (created_by)
    references trustcart.users (id) on delete set null,
    constraint marketing_campaigns_campaign_name_given check (btrim(campaign_name) <> ''),
    constraint marketing_campaigns_campaign_type_known check (
        campaign_type in ('sms', 'email', 'whatsapp', 'push')
    ),
    constraint marketing_campaigns_dates_in_order check (end_date >= start_date),
    constraint marketing_campaigns_dates_sane check (
        start_date >= '1900-01-01' and start_date < '2200-01-01'
        and end_date >= '1900-01-01' and end_date < '2200-01-01'
    ),
    constraint marketing_campaigns_trigger_event_known check (
        trigger_event in ('birthday', 'at_risk', 'cart_abandoned')
    ),
    constraint marketing_campaigns_notice_days_of_event check (
        notice_days between 0 and 365 and trigger_event = 'birthday' or notice_days is null
    ),
    constraint marketing_campaigns_event_not_scheduled check (trigger_event is null or not is_scheduled),
    constraint marketing_campaigns_scheduled_has_start check (not is_scheduled or start_date is not null),
    constraint marketing_campaigns_holdout_percentage_sane check (holdout_percentage between 0 and 90),
    constraint marketing_campaigns_attribution_days_sane check (attribution_days between 0 and 365),
    constraint marketing_campaigns_counts_positive check (sent_count >= 0 and response_count >= 0)
)
with (fillfactor = 50);
create index if not exists marketing_campaigns_discount_code_idx
on trustcart.marketing_campaigns (lower(discount_code)) where discount_code is not null;
create index if not exists marketing_campaigns_created_by_idx
on trustcart.marketing_campaigns (created_by) where created_by is not null;
comment on table trustcart.marketing_campaigns is
'Campaigns: what is said to whom, when. Sent by send_campaign(), on start_date where is_scheduled, or to each customer
as the trigger event happens.';
comment on column trustcart.marketing_campaigns.id is 'Identity of the campaign.';
comment on column trustcart.marketing_campaigns.campaign_name is 'Name.';
comment on column trustcart.marketing_campaigns.campaign_type is 'Channel: sms, email, whatsapp or push.';
comment on column trustcart.marketing_campaigns.target_segment is
'all, new, repeat, vip, inactive, or the name of a saved segment.';
comment on column trustcart.marketing_campaigns.subject is 'Subject of an e-mail; a template like the message.';
comment on column trustcart.marketing_campaigns.message_template is
'The message; may name template_variables as {{ name }}. Checked when saved, filled in at delivery.';
comment on column trustcart.marketing_campaigns.discount_code is
'Coupon code of the campaign; an order with it (sales_orders.coupon_code) is attributed to the campaign.';
comment on column trustcart.marketing_campaigns.start_date is 'Nothing goes out before this business date.';
comment on column trustcart.marketing_campaigns.end_date is 'Nothing goes out after this business date.';
comment on column trustcart.marketing_campaigns.is_active is 'False: nothing is queued and nothing queued goes out.';
comment on column trustcart.marketing_campaigns.is_scheduled is
'True: send_due_campaigns() sends it from start_date on, without a hand.';
comment on column trustcart.marketing_campaigns.trigger_event is
'birthday (customer or family), at_risk (the stage became at_risk) or cart_abandoned: each such event of a customer of
the segment gets a message, once; null: one message to each customer of the segment.';
comment on column trustcart.marketing_campaigns.notice_days is
'birthday: how many days ahead the message goes out; null: 7, as in the guide.';
comment on column trustcart.marketing_campaigns.holdout_percentage is
'Share of the audience that gets nothing, by stable hash, so that the effect can be measured.';
comment on column trustcart.marketing_campaigns.attribution_days is
'Days after a message in which an order counts as its result; null: settings.attribution_days.';
comment on column trustcart.marketing_campaigns.sent_count is
'Messages that the channel accepted; kept by triggers on campaign_messages.';
comment on column trustcart.marketing_campaigns.response_count is
'Messages that were answered; kept by triggers on campaign_messages.';
comment on column trustcart.marketing_campaigns.frozen_at is 'When send_campaign() fixed the audience; null before.';
comment on column trustcart.marketing_campaigns.created_by is 'The user who made it, if known.';
comment on column trustcart.marketing_campaigns.created_at is 'When the row was made.';
comment on column trustcart.marketing_campaigns.updated_at is
'When what was entered last changed; kept by a trigger.';

create table if not exists trustcart.campaign_variants (
    campaign_id bigint not null,
    variant text not null,
    weight integer not null default 1,
    subject text,
    message_template text not null,
    constraint campaign_variants_pkey primary key (campaign_id, variant),
    constraint campaign_variants_campaign_id_fkey foreign key (campaign_id)
    references trustcart.marketing_campaigns (id) on delete cascade,
    constraint campaign_variants_variant_word check (variant ~ '^[A-Za-z0-9_]{1,20}$'),
    constraint campaign_variants_weight_positive check (weight between 1 and 1000)
);
comment on table trustcart.campaign_variants is
'A/B variants: where a campaign has any, each recipient gets one of them, by stable hash and weight.';
comment on column trustcart.campaign_variants.campaign_id is 'The campaign; its variants go with it.';
comment on column trustcart.campaign_variants.variant is 'A, B ...';
comment on column trustcart.campaign_variants.weight is 'Its share, against the other weights of the campaign.';
comment on column trustcart.campaign_variants.subject is 'Subject; null: that of the campaign.';
comment on column trustcart.campaign_variants.message_template is 'The message, in place of the campaign''s.';

create table if not exists trustcart.delivery_channels (
    channel text not null,
    is_enabled boolean not null default true,
    per_second numeric(10, 3),
    burst integer not null default 1,
    tokens numeric(14, 3) not null default 0,
    refilled_at timestamptz not null default now(),
    max_attempts smallint not null default 5,
    retry_after interval not null default interval '1 minute',
    constraint delivery_channels_pkey primary key (channel),
    constraint delivery_channels_channel_known check (channel in ('sms', 'whatsapp', 'email', 'push')),
    constraint delivery_channels_per_second_positive check (per_second > 0),
    constraint delivery_channels_burst_positive check (burst between 1 and 100000),
    constraint delivery_channels_tokens_sane check (tokens >= 0),
    constraint delivery_channels_max_attempts_positive check (max_attempts between 1 and 100),
    constraint delivery_channels_retry_after_positive check (retry_after > interval '0')
)
with (fillfactor = 50);
comment on table trustcart.delivery_channels is
'How fast and how often a channel tries: its rate limit is a bucket of tokens here, so that all workers together keep
it. Addresses and credentials of providers are none of the database''s.';
comment on column trustcart.delivery_channels.channel is 'sms, whatsapp, email or push.';
comment on column trustcart.delivery_channels.is_enabled is 'False: nothing is handed out for it.';
comment on column trustcart.delivery_channels.per_second is 'Messages a second at most; null: no limit.';
comment on column trustcart.delivery_channels.burst is 'Messages at once at most, after a pause.';
comment on column trustcart.delivery_channels.tokens is 'Messages that may go out now; as of refilled_at.';
comment on column trustcart.delivery_channels.refilled_at is 'When tokens was last counted.';
comment on column trustcart.delivery_channels.max_attempts is 'Attempts of one message at most.';
comment on column trustcart.delivery_channels.retry_after is
'Wait after the first failed attempt; doubles with each further one.';

insert into trustcart.delivery_channels (channel)
values ('sms'), ('whatsapp'), ('email'), ('push')
on conflict do nothing;
analyze trustcart.delivery_channels;

create table if not exists trustcart.campaign_messages (
    id bigint generated by default as identity,
    campaign_id bigint not null,
    customer_id bigint not null,
    occurrence text not null default '',
    channel text not null,
    address text not null,
    variant text,
    facts jsonb,
    token uuid not null default gen_random_uuid(),
    status text not null default 'queued',
    not_before timestamptz not null default now(),
    attempts smallint not null default 0,
    claimed_by bigint,
    claimed_at timestamptz,
    provider_message_id text,
    queued_at timestamptz not null default now(),
    sent_at timestamptz,
    delivered_at timestamptz,
    opened_at timestamptz,
    responded_at timestamptz,
    bounced_at timestamptz,
    unsubscribed_at timestamptz,
    closed_at timestamptz,
    close_reason text,
    constraint campaign_messages_pkey primary key (id),
    constraint campaign_messages_recipient_key unique (campaign_id, customer_id, occurrence),
    constraint campaign_messages_address_key unique (campaign_id, address, occurrence),
    constraint campaign_messages_campaign_id_fkey foreign key (campaign_id)
    references trustcart.marketing_campaigns (id) on delete restrict,
    constraint campaign_messages_variant_fkey foreign key (campaign_id, variant)
    references trustcart.campaign_variants (campaign_id, variant) on delete restrict,
    constraint campaign_messages_customer_id_fkey foreign key (customer_id)
    references trustcart.customers (id) on delete restrict,
    constraint campaign_messages_channel_known check (channel in ('sms', 'whatsapp', 'email', 'push')),
    constraint campaign_messages_status_known check (
        status in ('queued', 'sending', 'sent', 'failed', 'cancelled', 'expired')
    ),
    constraint campaign_messages_sent_at_when_sent check ((status = 'sent') = (sent_at is not null)),
    constraint campaign_messages_claimed_while_sending check (
        (status = 'sending') = (claimed_by is not null) and (claimed_by is null) = (claimed_at is null)
    ),
    constraint campaign_messages_closed_unless_open check (
        (status in ('failed', 'cancelled', 'expired')) = (closed_at is not null)
        and (closed_at is null) = (close_reason is null)
    ),
    constraint campaign_messages_attempts_counted check (attempts >= 0),
    constraint campaign_messages_came_back_of_sent check (
        status = 'sent'
        or coalesce(delivered_at, opened_at, responded_at, bounced_at, unsubscribed_at) is null
    )
)
with (fillfactor = 80);
create index if not exists campaign_messages_customer_id_idx on trustcart.campaign_messages (customer_id, sent_at);
create index if not exists campaign_messages_queue_idx
on trustcart.campaign_messages (channel, campaign_id, not_before, id) where status = 'queued';
create index if not exists campaign_messages_sending_idx
on trustcart.campaign_messages (claimed_by) where status = 'sending';
create index if not exists campaign_messages_provider_message_id_idx
on trustcart.campaign_messages (provider_message_id) where provider_message_id is not null;
create index if not exists campaign_messages_variant_idx
on trustcart.campaign_messages (campaign_id, variant) where variant is not null;
comment on table trustcart.campaign_messages is
'The ledger of messages: one row a recipient and message. Queued with the audience, handed out to a worker, accepted
by the channel or given up; what comes back stands beside it.';
comment on column trustcart.campaign_messages.id is 'Identity of the message.';
comment on column trustcart.campaign_messages.campaign_id is 'The campaign it belongs to.';
comment on column trustcart.campaign_messages.customer_id is 'To whom it goes.';
comment on column trustcart.campaign_messages.occurrence is
'The event it is about, where the campaign has a trigger event, such as birthday 2026-12-01; else empty.';
comment on column trustcart.campaign_messages.channel is 'sms, whatsapp, email or push.';
comment on column trustcart.campaign_messages.address is
'Number in E.164, e-mail address, or customer:<id> for push; as it was when the audience was frozen.';
comment on column trustcart.campaign_messages.variant is 'The variant it is of; null: the campaign''s own text.';
comment on column trustcart.campaign_messages.facts is 'Values of the event''s template variables.';
comment on column trustcart.campaign_messages.token is
'Random: with the id it makes the idempotency key and the unsubscribe link, <id>-<token>.';
comment on column trustcart.campaign_messages.status is
'queued; sending: handed out to a worker; sent: the channel accepted it; failed: given up; cancelled: no longer
allowed when its turn came; expired: its campaign ended first.';
comment on column trustcart.campaign_messages.not_before is
'The instant from which it may go out, or be tried again.';
comment on column trustcart.campaign_messages.attempts is
'Attempts begun; each is a row of campaign_delivery_attempts.';
comment on column trustcart.campaign_messages.claimed_by is 'The worker that has it now.';
comment on column trustcart.campaign_messages.claimed_at is 'Since when that worker has it.';
comment on column trustcart.campaign_messages.provider_message_id is 'What the provider calls it.';
comment on column trustcart.campaign_messages.queued_at is 'When it was queued.';
comment on column trustcart.campaign_messages.sent_at is
'When the channel accepted it; set exactly when it is sent.';
comment on column trustcart.campaign_messages.delivered_at is
'When it reached the customer''s device, by a receipt.';
comment on column trustcart.campaign_messages.opened_at is 'When it was opened or read, by a receipt.';
comment on column trustcart.campaign_messages.responded_at is 'When the customer answered it.';
comment on column trustcart.campaign_messages.bounced_at is 'When it came back as undeliverable.';
comment on column trustcart.campaign_messages.unsubscribed_at is 'When the customer unsubscribed by it.';
comment on column trustcart.campaign_messages.closed_at is 'When it was given up, cancelled or expired.';
comment on column trustcart.campaign_messages.close_reason is
'Why; the first word is the rule, as in campaign_exclusions.';

create table if not exists trustcart.campaign_exclusions (
    campaign_id bigint not null,
    customer_id bigint not null,
    occurrence text not null default '',
    reason text not null,
    detail text,
    excluded_at timestamptz not null default now(),
    constraint campaign_exclusions_pkey primary key (campaign_id, customer_id, occurrence),
    constraint campaign_exclusions_campaign_id_fkey foreign key (campaign_id)
    references trustcart.marketing_campaigns (id) on delete cascade,
    constraint campaign_exclusions_customer_id_fkey foreign key (customer_id)
    references trustcart.customers (id) on delete cascade,
    constraint campaign_exclusions_reason_known check (
        reason in ('no_consent', 'no_address', 'duplicate_address', 'quiet_period', 'cap', 'holdout')
    )
);
create index if not exists campaign_exclusions_customer_id_idx on trustcart.campaign_exclusions (customer_id);
comment on table trustcart.campaign_exclusions is
'Who of a campaign''s segment was left out when its audience was frozen, and why: with campaign_messages the whole
segment.';
comment on column trustcart.campaign_exclusions.campaign_id is 'The campaign.';
comment on column trustcart.campaign_exclusions.customer_id is 'Who was left out.';
comment on column trustcart.campaign_exclusions.occurrence is 'The event, as campaign_messages has it; else empty.';
comment on column trustcart.campaign_exclusions.reason is
'The first that holds of: no_consent, no_address, duplicate_address, quiet_period, cap, holdout.';
comment on column trustcart.campaign_exclusions.detail is 'The facts behind the reason, in words.';
comment on column trustcart.campaign_exclusions.excluded_at is 'When.';

create table if not exists trustcart.campaign_delivery_attempts (
    message_id bigint not null,
    attempt smallint not null,
    worker bigint not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text,
    provider_status text,
    error text,
    constraint campaign_delivery_attempts_pkey primary key (message_id, attempt),
    constraint campaign_delivery_attempts_message_id_fkey foreign key (message_id)
    references trustcart.campaign_messages (id) on delete cascade,
    constraint campaign_delivery_attempts_attempt_counted check (attempt >= 1),
    constraint campaign_delivery_attempts_outcome_known check (
        outcome in ('accepted', 'temporary', 'permanent', 'unknown')
    ),
    constraint campaign_delivery_attempts_outcome_when_finished check ((outcome is null) = (finished_at is null))
)
with (fillfactor = 70);
comment on table trustcart.campaign_delivery_attempts is
'Every attempt to send a message: written before it is made, completed with what came of it.';
comment on column trustcart.campaign_delivery_attempts.message_id is 'The message; its attempts go with it.';
comment on column trustcart.campaign_delivery_attempts.attempt is '1, 2, 3 ... of the message.';
comment on column trustcart.campaign_delivery_attempts.worker is 'The worker that made it.';
comment on column trustcart.campaign_delivery_attempts.started_at is 'When the message was handed out for it.';
comment on column trustcart.campaign_delivery_attempts.finished_at is 'When its outcome was recorded.';
comment on column trustcart.campaign_delivery_attempts.outcome is
'accepted; temporary: to be tried again; permanent: never will be; unknown: the worker was gone before it told.';
comment on column trustcart.campaign_delivery_attempts.provider_status is 'What the provider answered, as a code.';
comment on column trustcart.campaign_delivery_attempts.error is 'What went wrong, without address or credentials.';

create sequence if not exists trustcart_private.delivery_worker_id as integer cycle;
comment on sequence trustcart_private.delivery_worker_id is
'Numbers of delivery workers; a worker holds the advisory lock of its number while it lives.';

create table if not exists trustcart.campaign_receipts (
    id bigint generated by default as identity,
    channel text not null,
    provider_event_id text not null,
    kind text not null,
    message_id bigint,
    provider_message_id text,
    occurred_at timestamptz not null,
    received_at timestamptz not null default now(),
    detail text,
    constraint campaign_receipts_pkey primary key (id),
    constraint campaign_receipts_event_key unique (channel, provider_event_id),
    constraint campaign_receipts_message_id_fkey foreign key (message_id)
    references trustcart.campaign_messages (id) on delete cascade,
    constraint campaign_receipts_channel_known check (channel in ('sms', 'whatsapp', 'email', 'push')),
    constraint campaign_receipts_kind_known check (
        kind in ('sent', 'delivered', 'opened', 'responded', 'bounced', 'failed', 'unsubscribed', 'inbound')
    )
);
create index if not exists campaign_receipts_message_id_idx
on trustcart.campaign_receipts (message_id) where message_id is not null;
create index if not exists campaign_receipts_waiting_idx
on trustcart.campaign_receipts (provider_message_id, channel)
where message_id is null and provider_message_id is not null;
create index if not exists campaign_receipts_bounced_idx
on trustcart.campaign_receipts (channel, message_id) where kind = 'bounced' and message_id is not null;
comment on table trustcart.campaign_receipts is
'What providers reported back, each event once, however often it is reported; those about unknown messages included.';
comment on column trustcart.campaign_receipts.id is 'Identity of the receipt.';
comment on column trustcart.campaign_receipts.channel is 'sms, whatsapp, email or push.';
comment on column trustcart.campaign_receipts.provider_event_id is
'What the provider calls the event; made of message and kind where it has no name.';
comment on column trustcart.campaign_receipts.kind is
'sent, delivered, opened, responded, bounced, failed, unsubscribed, or inbound: a message of the customer.';
comment on column trustcart.campaign_receipts.message_id is
'The message it is about; null: none that we know, or not yet. An inbound one: the message it answers.';
comment on column trustcart.campaign_receipts.provider_message_id is
'What the provider calls the message, where it said so: the receipt waits until a message is known by it.'; comment on
column trustcart.campaign_receipts.occurred_at is 'When it happened, as the provider says.'; comment on column
trustcart.campaign_receipts.received_at is 'When we were told.'; comment on column trustcart.campaign_receipts.detail
is 'What the provider said besides, such as the reason of a bounce.';

create table if not exists trustcart.opt_out_words (
    word text not null,
    granted boolean not null,
    constraint opt_out_words_pkey primary key (word),
    constraint opt_out_words_word_lower check (word = lower(btrim(word)) and word <> '')
);
comment on table trustcart.opt_out_words is
'Messages of customers that are a decision: the whole text, whatever its case, spaces and full stops.';
comment on column trustcart.opt_out_words.word is 'The text, lower case.';
comment on column trustcart.opt_out_words.granted is 'False: no more messages by this channel; true: messages again.';
insert into trustcart.opt_out_words (word, granted)
values
('stop', false), ('stop all', false), ('stopall', false), ('unsubscribe', false), ('end', false), ('quit', false),
('cancel', false), ('off', false), ('বন্ধ', false), ('start', true), ('unstop', true), ('চালু', true)
on conflict do nothing;

alter table trustcart.sales_orders add column if not exists coupon_code text;
comment on column trustcart.sales_orders.coupon_code is
'Coupon code given with the order; that of a campaign attributes the order to it.';

create table if not exists trustcart.order_attributions (
    order_id bigint not null,
    campaign_id bigint not null,
    message_id bigint,
    kind text not null,
    amount numeric(12, 2) not null,
    constraint order_attributions_pkey primary key (order_id),
    constraint order_attributions_order_id_fkey foreign key (order_id)
    references trustcart.sales_orders (id) on delete cascade,
    constraint order_attributions_campaign_id_fkey foreign key (campaign_id)
    references trustcart.marketing_campaigns (id) on delete restrict,
    constraint order_attributions_message_id_fkey foreign key (message_id)
    references trustcart.campaign_messages (id) on delete cascade,
    constraint order_attributions_kind_known check (kind in ('coupon', 'window')),
    constraint order_attributions_window_of_message check (kind = 'coupon' or message_id is not null)
);
create index if not exists order_attributions_campaign_id_idx on trustcart.order_attributions (campaign_id);
create index if not exists order_attributions_message_id_idx
on trustcart.order_attributions (message_id) where message_id is not null;
comment on table trustcart.order_attributions is
'Which counted orders followed from which campaign, each order from one at most; kept in the transaction of the order or
message. An order that no longer counts has no row.';
comment on column trustcart.order_attributions.order_id is 'The order; its row goes with it.';
comment on column trustcart.order_attributions.campaign_id is 'The campaign.';
comment on column trustcart.order_attributions.message_id is
'The message; null: the coupon was used by somebody who got none.';
comment on column trustcart.order_attributions.kind is
'coupon: the order names the campaign''s code; window: it came within attribution_days of the customer''s last
message.';
comment on column trustcart.order_attributions.amount is 'What the order comes to, in taka.';

comment on table trustcart_private.contact_days is
'The days on which we contacted a customer, by channel: what cadences and the weekly cap count. Kept by triggers on the
outbound interactions, the call attempts and the campaign messages that were sent.';
comment on column trustcart_private.contact_days.channel is 'call, whatsapp, sms, email, push or visit.';

alter table trustcart.customer_engagement_history add column if not exists message_id bigint;
alter table trustcart.customer_engagement_history
drop constraint if exists customer_engagement_history_message_id_fkey;
alter table trustcart.customer_engagement_history
add constraint customer_engagement_history_message_id_fkey foreign key (message_id)
references trustcart.campaign_messages (id) on delete set null;
create unique index if not exists customer_engagement_history_message_id_key
on trustcart.customer_engagement_history (message_id) where message_id is not null;
comment on column trustcart.customer_engagement_history.message_id is 'The campaign message that it is about, if any.';

insert into trustcart.job_schedules (job_name, run_order, run_at, description)
values
('send_due_campaigns', 60, '09:00', 'Send the scheduled campaigns and those of birthdays and other events')
on conflict do nothing;

-- Who may not be written to at an instant, and the first reason.
begin;
select plan(17);

update trustcart.settings set contacts_per_week = 2;
create temporary table noon as
select (trustcart.business_date()::timestamp + interval '12 hours') at time zone 'Asia/Dhaka' as at;
insert into trustcart.customers (id, phone, email, is_active)
values
(1, '01711000001', 'one@example.com', true), (2, '01711000001', 'two@example.com', true),
(3, '01711000003', 'ONE@example.com', true), (4, '01711000004', null, true), (5, '01711000005', null, false);
create function pg_temp.blocks(p_channel text default 'sms', p_ids bigint[] default null, p_days integer default 0)
returns text language sql as $$
select string_agg(format('%s %s: %s', b.customer_id, b.reason, b.detail), '; ' order by b.customer_id)
from noon as n
cross join lateral trustcart_private.message_blocks(p_channel, n.at + p_days * interval '1 day', p_ids) as b
$$;

select is(pg_temp.blocks(), '5 no_consent: customer inactive', 'inactive');
select trustcart.record_consent(1, 'sms', false, p_recorded_at => n.at - interval '3 days') from noon as n;
select is(
    pg_temp.blocks('sms', '{1,2,3}'),
    format('1 no_consent: refused sms on %s; 2 no_consent: refused by another customer of this address', trustcart.business_date() - 3),
    'a refusal is one of everybody at the number'
);
select is(pg_temp.blocks('whatsapp', '{1,2,3}'), null, 'and of that channel');
select trustcart.record_consent(1, 'sms', true, p_recorded_at => n.at - interval '2 days') from noon as n;
select is(pg_temp.blocks('sms', '{1,2,3}'), null, 'the latest word holds');
select matches(pg_temp.blocks('sms', '{1,2}', -3), '^1 no_consent.*2 no_consent', 'at the instant asked for');
select trustcart.record_consent(1, 'email', false, p_recorded_at => n.at - interval '2 days') from noon as n;
select matches(pg_temp.blocks('email', '{1,2,3}'), '1 no_consent: .*; 3 no_consent: refused by another', 'e-mail, whatever the case');
select trustcart.record_consent(1, 'push', false, p_recorded_at => n.at - interval '2 days') from noon as n;
select matches(pg_temp.blocks('push', '{1,2,3}'), '^1 no_consent[^;]*$', 'push is shared by nobody');

update trustcart.settings set marketing_opt_in = true;
select is(
    pg_temp.blocks('sms', '{1,2,3}'), '2 no_consent: has not agreed to sms; 3 no_consent: has not agreed to sms', 'opt-in'
);
update trustcart.settings set marketing_opt_in = false;

insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at) select 1, '+8801711000001', n.at from noon as n;
select trustcart.record_consent(1, 'sms', false, p_recorded_at => n.at - interval '1 day') from noon as n;
select matches(pg_temp.blocks('sms', '{1,2}'), '^1 no_consent[^;]*$', 'a number that is not the refuser''s is not refused');

insert into trustcart.customer_interactions (customer_id, interaction_type, outcome, interaction_date)
select 4, 'call', 'not_interested', n.at - interval '29 days' from noon as n;
select is(
    pg_temp.blocks('sms', '{4}'),
    format('4 quiet_period: not_interested on %s, no messages for 30 days', trustcart.business_date() - 29), 'a pause'
);
select is(pg_temp.blocks('sms', '{4}', 1), null, 'which ends');
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date)
select 4, 'call', 'inbound', n.at - interval '28 days' from noon as n;
select is(pg_temp.blocks('sms', '{4}'), null, 'or is over when the customer comes back');

insert into trustcart.customer_interactions (customer_id, interaction_type, interaction_date)
select 4, v.kind, n.at - v.days * interval '1 day' from noon as n, (values ('call', 6), ('email', 1)) as v (kind, days);
select is(pg_temp.blocks('sms', '{4}'), '4 cap: 2 contacts in seven days', 'the cap, over all channels');
select is(pg_temp.blocks('sms', '{4}', 1), null, 'in seven days');

insert into trustcart.marketing_campaigns (id, campaign_name) values (1, 'Any');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, not_before)
select 1, 1, 3, 'email', 'x', n.at from noon as n;
update trustcart.settings set contacts_per_week = 1;
select is(pg_temp.blocks('sms', '{3}'), '3 cap: 1 contacts in seven days', 'what is queued is promised');
select is_empty(
    $$select b.* from noon as n
    cross join lateral trustcart_private.message_blocks('sms', n.at, '{3}', '{queued,sending}', '{1}') as b$$,
    'but for those not to be counted'
);
update trustcart.settings set contacts_per_week = 9, marketing_quiet_days = 2;
select is(pg_temp.blocks('sms', '{3}'), '3 quiet_period: another campaign message is waiting', 'the days after a message');

select * from finish();
rollback;

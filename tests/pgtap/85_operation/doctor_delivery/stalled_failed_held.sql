-- Messages that nobody delivers or that fail; events that nobody can read yet.
begin;
select plan(8);
create function pg_temp.said(p_check text) returns text language sql as
$$ select d.status || ': ' || d.finding from trustcart.doctor_delivery() as d where d.check_name = p_check $$;
select is(pg_temp.said('delivery'), 'ok: no message waits in vain', 'nothing to deliver');
select is(pg_temp.said('delivery_failures'), 'ok: 0 of 0 messages of the last 24 hours failed', 'nothing failed');
select is(pg_temp.said('events'), 'ok: all can be read', 'no event is held back');

insert into trustcart.customers (id, first_name, phone) select g, 'A', '0171122' || 1000 + g from generate_series(1, 20) as g;
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, target_segment, message_template, start_date)
values (1, 'Eid', 'sms', 'all', 'Eid Mubarak', trustcart.business_date() - 1);
select trustcart.send_campaign(1);
update trustcart.delivery_channels set is_enabled = true where channel = 'sms';
update trustcart.campaign_messages set not_before = now() - interval '2 hours';
select matches(pg_temp.said('delivery'), '^warning: 20 by sms, due since .*, and nothing goes out$', 'stalled');
update trustcart.campaign_messages set not_before = now() - interval '7 hours';
select matches(pg_temp.said('delivery'), '^critical: 20 by sms', 'for long');
insert into trustcart.events (occurred_at, event_type) values (now() - interval '10 minutes', 'late');
select matches(pg_temp.said('events'), '^warning: \d+ cannot be read yet, the oldest since 00:1\d:\d\d$', 'held back');
select is(
    (
        select d.figures @> '[{"name": "trustcart_messages_stalled", "value": 20}]'
        from trustcart.doctor_delivery() as d
        where d.check_name = 'delivery'
    ), true, 'figures'
);
select is(
    (select count(*) from trustcart.doctor_delivery() as d where (d.remedy is null) <> (d.status = 'ok')), 0::bigint,
    'whatever is not well has its remedy'
);
select * from finish();
rollback;

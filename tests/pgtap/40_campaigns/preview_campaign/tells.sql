-- What sending would do, without doing it.
begin;
select plan(13);

insert into trustcart.customers (id, first_name, phone, email)
values (1, 'Rahima', '01711000001', 'rahima@example.com'), (2, 'Karim', '01711000002', null), (3, 'Ali', null, null);
select trustcart.record_consent(2, 'sms', false, p_recorded_at => now() - interval '1 day');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'Eid', 'ঈদ মোবারক {{ name }}');
create temporary table seen as select trustcart.preview_campaign(1) as p;

select is(
    (select s.p -> 'messages' from seen as s),
    '[{"customer_id": 1, "address": "+88017***01", "occurrence": null, "variant": null, "subject": null,
    "body": "ঈদ মোবারক Rahima", "encoding": "UCS-2", "length": 16, "parts": 1}]'::jsonb,
    'the first messages, the address masked'
);
select is(
    (select s.p - 'messages' - 'not_before' from seen as s),
    '{"campaign_id": 1, "campaign_name": "Eid", "campaign_type": "sms", "target_segment": "all", "segment_count": 3,
    "sent_count": 1, "excluded_count": 2, "exclusions": {"no_consent": 1, "no_address": 1}, "variants": {},
    "problem": null, "hint": null}'::jsonb,
    'the counts'
);
select is(
    (select (select count(*) from trustcart.campaign_messages) + (select count(*) from trustcart.campaign_exclusions)), 0::bigint,
    'nothing is written'
);
select is(trustcart.preview_campaign(1, 0) -> 'messages', '[]', 'the counts alone');
select is((trustcart.send_campaign(1) ->> 'sent_count'), '1', 'sending does the same');
select is(trustcart.preview_campaign(1) ->> 'problem', 'campaign 1 was sent already', 'sent');
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, message_template, is_active)
values (2, 'Off', 'email', 'Hi', false), (3, 'Empty', 'email', null, true);
select is(trustcart.preview_campaign(2) ->> 'problem', 'campaign 2 (Off) is not active', 'why it cannot be sent');
select is((trustcart.preview_campaign(2) #>> '{messages,0,address}'), 'ra***@example.com', 'and whom it would reach');
select is((trustcart.preview_campaign(2) #> '{messages,0,parts}'), 'null', 'a mail has no parts');
select is(trustcart.preview_campaign(3) #>> '{messages,0,body}', '', 'no message yet');
select throws_ok('select trustcart.preview_campaign(99)', 'TC004', null, 'unknown');
select throws_ok('select trustcart.preview_campaign(null)', 'TC003', null, 'none');
select throws_ok('select trustcart.preview_campaign(1, -1)', 'TC005', null, 'a wrong limit');

select * from finish();
rollback;

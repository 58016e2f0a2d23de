-- POST /crm-automation/campaign
begin;
select plan(22);

select ok(
    trustcart_api.create_campaign(
        'Eid Special 2026', 'whatsapp', 'all', '🎉 Eid Mubarak! Get 20% off on all products. Use code: EID20', 'EID20',
        '2026-03-30', '2026-04-05'
    ) @> '{"campaign_name": "Eid Special 2026", "campaign_type": "whatsapp", "target_segment": "all",
    "message_template": "🎉 Eid Mubarak! Get 20% off on all products. Use code: EID20", "discount_code": "EID20",
    "start_date": "2026-03-30", "end_date": "2026-04-05", "sent_count": 0, "response_count": 0}'::jsonb,
    'the guide''s body comes back as a row'
);
select is((select count(*) from trustcart.marketing_campaigns), 1::bigint, 'written');
select ok(
    trustcart_api.create_campaign('B', 'email', 'all', p_variants =>
        '[{"variant": "A", "message_template": "Hi {{ name }}"}, {"variant": "B", "message_template": "Yo", "subject": "S", "weight": 2}]'
    ) @> '{"campaign_name": "B"}', 'variants in place of the one text'
);
select results_eq(
    'select v.variant, v.weight, v.subject, v.message_template from trustcart.campaign_variants as v order by 1',
    $$values ('A', 1, null, 'Hi {{ name }}'), ('B', 2, 'S', 'Yo')$$, 'are rows'
);

create temporary table wrong (call text, sqlstate text, message text);
insert into wrong values
('null, ''sms'', ''all'', ''Hi''', 'TC003', 'campaignName is required'),
('''X'', null, ''all'', ''Hi''', 'TC003', 'campaignType is required'),
('''X'', ''sms'', '' '', ''Hi''', 'TC003', 'targetSegment is required'),
('''X'', ''sms'', ''all''', 'TC003', 'messageTemplate is required'),
('''X'', ''fax'', ''all'', ''Hi''', 'TC002', '''fax'' is not a type of campaign'),
('''X'', ''sms'', ''rich'', ''Hi''', 'TC002', 'there is no segment ''rich'''),
('''X'', ''sms'', ''all'', ''Hi'', p_trigger_event => ''rain''', 'TC002', '''rain'' is not a trigger event'),
('''X'', ''sms'', ''all'', ''Hi {{ nam }}''', 'TC006', 'message_template: {{ nam }} at position 4 is not known'),
('''X'', ''sms'', ''all'', ''Hi'', null, ''30/03/2026''', 'TC001', '''30/03/2026'' is not a date'),
('''X'', ''sms'', ''all'', ''Hi'', null, ''2026-03-30'', ''2026-03-29''', 'TC005', 'end_date 2026-03-29 is before start_date 2026-03-30'),
('''X'', ''sms'', ''all'', ''Hi'', p_is_scheduled => true', 'TC005', 'a scheduled campaign needs a start_date'),
('''X'', ''sms'', ''all'', ''Hi'', p_holdout_percentage => ''Infinity''', 'TC005', 'holdout_percentage Infinity is not between 0 and 90'),
('''X'', ''sms'', ''all'', ''Hi'', p_holdout_percentage => 1e3', 'TC005', 'holdout_percentage 1000 is not between 0 and 90'),
('''X'', ''sms'', ''all'', ''Hi'', p_created_by => 99', 'TC004', 'there is no user 99'),
('''X'', ''sms'', ''all'', p_variants => ''[{"variant": "A"}]''', 'TC005', 'variants is not a list of variants'),
('''X'', ''sms'', ''all'', p_variants => ''[{"variant": "A b", "message_template": "x"}]''', 'TC005', 'variant A b is not well formed'),
('''X'', ''sms'', ''all'', p_variants => ''[{"variant": "A", "message_template": "x"}, {"variant": "A", "message_template": "y"}]''',
    'TC005', 'variant A is given twice'),
('''X'', ''sms'', ''all'', p_variants => ''[{"variant": "A", "message_template": "{{ y }}"}]''', 'TC006',
    'variant A, message_template: {{ y }} at position 1 is not known');
select throws_ok(format('select trustcart_api.create_campaign(%s)', w.call), w.sqlstate, w.message, w.call) from wrong as w;

select * from finish();
rollback;

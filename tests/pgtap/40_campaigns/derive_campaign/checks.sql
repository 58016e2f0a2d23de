-- What is entered about a campaign is checked; what is derived is nobody's to enter.
begin;
select plan(30);

insert into trustcart.marketing_campaigns (
    campaign_name, campaign_type, target_segment, message_template, discount_code, start_date, end_date, is_active,
    sent_count, response_count
)
values ('Winter Sale 2025', 'WhatsApp', ' Repeat ', 'Hi', 'WINTER25', '2025-12-20', '2025-12-31', true, 500, 75);
select is(
    (
        select (m.campaign_type, m.target_segment, m.sent_count, m.response_count, m.frozen_at)::text
        from trustcart.marketing_campaigns as m
    ),
    '(whatsapp,repeat,0,0,)', 'the guide''s row goes in; words in lower case, counters at nothing'
);
update trustcart.marketing_campaigns set sent_count = 9, response_count = 9, frozen_at = now(), updated_at = '2020-01-01';
select is(
    (select (m.sent_count, m.response_count, m.frozen_at, m.updated_at = m.created_at)::text from trustcart.marketing_campaigns as m),
    '(0,0,,t)', 'an update of what is derived does nothing'
);

create function pg_temp.campaign(p_columns jsonb) returns bigint language plpgsql as $$
declare
    v_id bigint;
begin
    execute format(
        'insert into trustcart.marketing_campaigns (campaign_name, %s) select ''Any'', %s'
        ' from jsonb_populate_record(null::trustcart.marketing_campaigns, %L) as r returning id',
        (select string_agg(k, ', ') from jsonb_object_keys(p_columns) as k),
        (select string_agg('r.' || k, ', ') from jsonb_object_keys(p_columns) as k),
        p_columns
    ) into v_id;
    return v_id;
end;
$$;
select throws_ok($$select pg_temp.campaign('{"campaign_type": "fax"}')$$, 'TC002', '''fax'' is not a type of campaign', 'type');
select throws_ok(
    $$select pg_temp.campaign('{"target_segment": "rich"}')$$, 'TC002', 'there is no segment ''rich''', 'segment'
);
select throws_ok($$select pg_temp.campaign('{"trigger_event": "rain"}')$$, 'TC002', null, 'event');
select throws_ok($$select pg_temp.campaign('{"campaign_type": null}')$$, 'TC003', 'campaign_type is required', 'no type');
select throws_ok($$insert into trustcart.marketing_campaigns (campaign_name) values (' ')$$, 'TC003', null, 'no name');
select throws_ok(
    $$select pg_temp.campaign('{"start_date": "2026-03-30", "end_date": "2026-03-29"}')$$, 'TC005',
    'end_date 2026-03-29 is before start_date 2026-03-30', 'end before start'
);
select lives_ok($$select pg_temp.campaign('{"start_date": "2026-03-30", "end_date": "2026-03-30"}')$$, 'one day');
select throws_ok($$select pg_temp.campaign('{"holdout_percentage": 91}')$$, 'TC005', null, 'holdout');
select throws_ok($$select pg_temp.campaign('{"notice_days": 3}')$$, 'TC005', null, 'notice without birthday');
select throws_ok(
    $$select pg_temp.campaign('{"trigger_event": "birthday", "notice_days": 999}')$$, 'TC005', null, 'too long a notice'
);
select throws_ok(
    $$select pg_temp.campaign(jsonb_build_object('discount_code', repeat('x', 101)))$$, 'TC005', null, 'a code nobody types'
);
select throws_ok(
    $$insert into trustcart.marketing_campaigns (campaign_name) values (repeat('x', 301))$$, 'TC005', null, 'too long a name'
);
select throws_ok($$select pg_temp.campaign('{"attribution_days": -1}')$$, 'TC005', null, 'attribution');
select throws_ok($$select pg_temp.campaign('{"is_scheduled": true}')$$, 'TC005', null, 'scheduled for no day');
select throws_ok(
    $$select pg_temp.campaign('{"is_scheduled": true, "start_date": "2026-01-01", "trigger_event": "birthday"}')$$,
    'TC005', null, 'an event is not scheduled'
);
select throws_ok(
    $$select pg_temp.campaign('{"message_template": "Hi {{ nam }}"}')$$, 'TC006',
    'message_template: {{ nam }} at position 4 is not known', 'message'
);
select throws_ok(
    $$select pg_temp.campaign('{"subject": "{{ x"}')$$, 'TC006', 'subject: {{ at position 1 is not closed', 'subject'
);
select throws_ok($$select pg_temp.campaign('{"message_template": "{{ event_name }}"}')$$, 'TC006', null, 'no event');
select lives_ok(
    $$select pg_temp.campaign('{"message_template": "{{ event_name }}", "trigger_event": "birthday"}')$$, 'an event'
);
select throws_ok(
    $$update trustcart.marketing_campaigns set trigger_event = null where trigger_event is not null$$, 'TC006', null,
    'whose message stays one of an event'
);
select throws_ok(
    $$update trustcart.marketing_campaigns set message_template = '{{ y }}'$$, 'TC006', null, 'an update is checked, too'
);
do $$
declare
    v_hint text;
begin
    perform pg_temp.campaign('{"message_template": "{{ y }}"}');
exception when sqlstate 'TC006' then
    get stacked diagnostics v_hint = pg_exception_hint;
    create temporary table hint as select v_hint as hint;
end;
$$;
select matches((select h.hint from hint as h), 'discount_code.*name', 'the hint names the variables');

insert into trustcart.customers (id, phone) values (1, '01711000001');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (100, 'Sent', 'Hi');
select lives_ok('select trustcart.send_campaign(100)', 'sent');
select throws_ok(
    $$update trustcart.marketing_campaigns set target_segment = 'vip' where id = 100$$, 'TC110',
    'campaign 100 was sent: its target_segment does not change any more', 'the audience is fixed'
);
select throws_ok($$update trustcart.marketing_campaigns set campaign_type = 'push' where id = 100$$, 'TC110', null, 'type');
select throws_ok(
    $$update trustcart.marketing_campaigns set holdout_percentage = 5 where id = 100$$, 'TC110', null, 'holdout'
);
select lives_ok(
    $$update trustcart.marketing_campaigns set message_template = 'Hello', is_active = false, campaign_name = 'X' where id = 100$$,
    'the rest may'
);
update trustcart.marketing_campaigns set frozen_at = null where id = 100;
select isnt((select m.frozen_at from trustcart.marketing_campaigns as m where m.id = 100), null, 'sent stays sent');

select * from finish();
rollback;

-- A campaign as it is typed: errors where they are, the first messages, nothing written.
begin;
select plan(19);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 5) as g;

select is(
    trustcart_api.page_automation_draft('Eid', 'sms', 'all', 'Dear {{ nam }}, and {{ oops') -> 'faults',
    '[{"field": "messageTemplate", "message": "{{ nam }} at position 6 is not known", "position": 6, "before": "Dear ",
    "wrong": "{{ nam }}", "after": ", and {{ oops"}]'::jsonb, 'the first fault of a text, where it is'
);
select is(
    (select string_agg(f ->> 'field' || '@' || (f ->> 'position'), ', ') from jsonb_array_elements(
        trustcart_api.page_automation_draft('Eid', 'email', 'all', '{{ x }}', p_subject => 'a {{ y }}', p_variants =>
            '[{"variant": "A", "message_template": "{{ cart_total }}"}]') -> 'faults') as f),
    'messageTemplate@1, subject@3, variant A, message_template@1', 'all texts at once, variants too'
);
select is(trustcart_api.page_automation_draft('Eid', 'sms', 'all', '{{ cart_total }}', p_trigger_event => 'cart_abandoned') -> 'faults',
    '[]'::jsonb, 'an event has variables of its own');

create temporary table draft as select trustcart_api.page_automation_draft('Eid', 'sms', 'all', 'Hi {{ first_name }}') as d;
select is((select d -> 'problem' from draft), 'null'::jsonb, 'nothing is wrong');
select is((select (d ->> 'can_be_saved')::boolean from draft), true, 'so it can be saved');
select is(
    (select d -> 'messages' -> 0 from draft),
    '{"customer_id": 1, "occurrence": null, "variant": null, "subject": null, "body": "Hi C1", "encoding": "GSM-7", "length": 5, "parts": 1}'::jsonb,
    'the first message, as an SMS is counted'
);
select is((select jsonb_array_length(d -> 'messages') from draft), 3, 'three of them');
select is(trustcart_api.page_automation_draft('Eid', 'sms', 'all', repeat('ঈ', 71)) -> 'parts', '2'::jsonb, 'what it costs in parts');
select is(trustcart_api.page_automation_draft('Eid', 'email', 'all', 'Hi') -> 'messages' -> 0 ->> 'subject', 'Eid', 'a mail has a subject');
select is(
    (select string_agg(m ->> 'variant' || (m ->> 'body'), ' ') from jsonb_array_elements(trustcart_api.page_automation_draft(
        'Eid', 'sms', 'all', p_variants => '[{"variant": "A", "message_template": "x"}, {"variant": "B", "message_template": "y"}]'
    ) -> 'messages') as m),
    'Ax By Ax', 'each variant in turn'
);
select is(trustcart_api.page_automation_draft('Eid', 'sms', 'all', 'Use {{ discount_code }}') -> 'problem',
    '{"code": "TC110", "message": "has no discount_code, which its text names",
    "hint": "Set discount_code, or take {{ discount_code }} out of the text.", "field": null}'::jsonb, 'what sending would say');
select ok((trustcart_api.page_automation_draft('Eid', 'sms', 'all', 'Use {{ discount_code }}') ->> 'can_be_saved')::boolean, 'that can be saved');
select is(trustcart_api.page_automation_draft('Eid', 'sms', 'all', 'Hi', null, '2026-02-02', '2026-01-01') -> 'problem' ->> 'code', 'TC005', 'what saving would say');
select is(trustcart_api.page_automation_draft('Eid', 'fax', 'all', 'Hi') -> 'problem' ->> 'code', 'TC002', 'a type that is none');
select is(trustcart_api.page_automation_draft() -> 'problem' ->> 'message', 'campaignType is required', 'nothing typed yet');
select is(trustcart_api.page_automation_draft(null, 'sms', 'all', '') - 'problem',
    '{"faults": [], "can_be_saved": false, "is_sms": true, "messages": [], "parts": null}'::jsonb || '{"parts": 1}', 'nor a text');
insert into trustcart.carts (customer_id, total_amount, abandoned_at) values (2, 450, now());
select is(trustcart_api.page_automation_draft('Cart', 'sms', 'all', '{{ cart_total }}', p_trigger_event => 'cart_abandoned',
    p_start_date => (trustcart.business_date() - 1)::text) -> 'messages' -> 0 ->> 'body', '450', 'an event''s facts');
select is((select count(*) from trustcart.marketing_campaigns), 0::bigint, 'nothing stays');
select is(told('one', $$select trustcart_api.page_automation_draft('Eid', 'sms', 'all', 'Hi')$$), '42501', 'not an agent''s');

select * from finish();
rollback;

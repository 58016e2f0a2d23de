-- What each variable becomes; values are never templates themselves.
begin;
select plan(13);

update trustcart.settings set public_url = 'https://shop.example', shop_name = 'Shop {{ name }}';
insert into trustcart.customers (id, first_name, last_name, phone, email)
values
(1, 'Rahima ', ' Khatun', '01711000001', 'one@example.com'),
(2, '{{ discount_code }}', null, '01711000002', 'two@example.com'),
(3, '  ', null, '01711000003', 'three@example.com'),
(4, e'Eve\r\nBcc: all@example.com', 'X', '01711000004', 'four@example.com');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(1, trustcart.business_date() - 3, 1500, 'delivered'),
(1, trustcart.business_date() - 9, 1500.5, 'delivered'),
(2, date '2025-03-26', 800, 'delivered');
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, subject, message_template, discount_code)
values
(1, 'Eid', 'sms', null, 'x', 'EID20'),
(2, 'Eid by mail', 'email', 'For {{ first_name }}', 'Hi {{name}}', null),
(3, 'No subject', 'email', null, 'Hi', null),
(4, 'Eid on WhatsApp', 'whatsapp', 'For {{ first_name }}', 'Hi', null),
(5, 'Eid by push', 'push', null, 'Hi', null),
(6, 'Eid, once more', 'sms', 'Unseen', 'Hi', null);
insert into trustcart.campaign_variants (campaign_id, variant, subject, message_template)
values
(2, 'A', null, 'A for {{ name }}'),
(2, 'B', 'B!', 'B for {{ name }}');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, token, variant, facts)
values
(1, 1, 1, 'sms', '1', '00000000-0000-0000-0000-000000000001', null, null),
(2, 1, 2, 'sms', '2', '00000000-0000-0000-0000-000000000002', null, null),
(3, 1, 3, 'sms', '3', '00000000-0000-0000-0000-000000000003', null, null),
(4, 2, 4, 'email', '4', '00000000-0000-0000-0000-000000000004', 'A', null),
(5, 2, 1, 'email', '5', '00000000-0000-0000-0000-000000000005', 'B', null),
(6, 3, 1, 'email', '6', '00000000-0000-0000-0000-000000000006', null, null),
(7, 4, 1, 'whatsapp', '7', '00000000-0000-0000-0000-000000000007', null, null),
(8, 5, 1, 'push', '8', '00000000-0000-0000-0000-000000000008', null, null),
(10, 6, 1, 'sms', '10', '00000000-0000-0000-0000-000000000010', null, null);

create function pg_temp.said(p_template text, p_message_id bigint) returns text language plpgsql as $$
begin
    update trustcart.marketing_campaigns set message_template = p_template where id = 1;
    return (select r.body from trustcart_private.render_message(array[p_message_id]) as r);
end;
$$;

select is(
    pg_temp.said('{{name}}|{{ first_name }}|{{ last_name }}|{{ customer_type }}|{{ order_count }}|{{ total_spend }}', 1),
    'Rahima Khatun|Rahima|Khatun|repeat|2|3000.50', 'who it is, and an amount with paisa'
);
select is(pg_temp.said('{{ total_spend }}', 2), '800', 'an amount without');
select is(pg_temp.said('{{ days_since_last_order }}', 1), '3', 'days');
select is(pg_temp.said('{{ last_order_date }}', 2), '26 March 2025', 'a date as people write it');
select is(
    pg_temp.said('{{ name }} {{ discount_code }}', 2), '{{ discount_code }} EID20', 'a name is no template'
);
select is(pg_temp.said('{{ shop_name }}, {{ name }}', 2), 'Shop {{ name }}, {{ discount_code }}', 'neither is another value');
select is(
    pg_temp.said('{{ name }}|{{ last_order_date }}|{{ total_spend }}|{{ loyalty_tier }}', 3), 'dear customer||0|',
    'what is empty gives way to its fallback'
);
select is(
    pg_temp.said('{{ unsubscribe_url }}', 1), 'https://shop.example/u/1-00000000-0000-0000-0000-000000000001',
    'the link holds the message key'
);
select results_eq(
    'select r.message_id, r.subject, r.body from trustcart_private.render_message(array[4, 5, 6]::bigint[]) as r order by 1',
    $$values
    (4::bigint, 'For Eve Bcc: all@example.com', e'A for Eve\r\nBcc: all@example.com X'),
    (5, 'B!', 'B for Rahima Khatun'),
    (6, 'No subject', 'Hi')$$,
    'variants have texts of their own; a subject is the campaign''s or its name, and one line'
);
select is((select r.subject from trustcart_private.render_message(array[1]::bigint[]) as r), null, 'an SMS has no subject');
select results_eq(
    'select r.message_id, r.subject from trustcart_private.render_message(array[7, 8, 10]::bigint[]) as r order by 1',
    $$values (7::bigint, 'For Rahima'), (8, null), (10, null)$$,
    'templates of WhatsApp and notifications show one that was given'
);
select is_empty('select * from trustcart_private.render_message(array[99]::bigint[])', 'no such message');

insert into trustcart.marketing_campaigns (id, campaign_name, trigger_event, message_template)
values (9, 'Birthday', 'birthday', '{{ event_name }} on {{ event_date }}, in {{ days_until }} days; {{ cart_total }}');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, occurrence, channel, address, facts)
values (
    9, 9, 1, 'family_birthday 2', 'sms', '9',
    jsonb_build_object('event_name', 'Ali', 'event_date', trustcart.business_date() + 4, 'cart_total', 1200.00)
);
select is(
    (select r.body from trustcart_private.render_message(array[9]::bigint[]) as r),
    format('Ali on %s, in 4 days; 1200', to_char(trustcart.business_date() + 4, 'FMDD FMMonth YYYY')),
    'the facts of an event'
);

select * from finish();
rollback;

-- The campaigns with something in a channel's queue, each with its first message's instant.
begin;
select plan(3);

insert into trustcart.customers (id, phone) select g.n, '0171000000' || g.n from generate_series(1, 4) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, message_template)
values (1, 'A', 'sms', 'Hello'), (2, 'B', 'sms', 'Hello'), (3, 'C', 'sms', 'Hello'), (4, 'D', 'whatsapp', 'Hello');
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, not_before)
values
(1, 1, 'sms', '+8801710000001', '2026-03-02 10:00+00'),
(1, 2, 'sms', '+8801710000002', '2026-03-01 10:00+00'),
(2, 3, 'sms', '+8801710000003', '2026-03-05 10:00+00'),
(4, 4, 'whatsapp', '+8801710000004', '2026-03-04 10:00+00');
insert into trustcart.campaign_messages
(campaign_id, customer_id, channel, address, status, closed_at, close_reason)
values (3, 1, 'sms', '+8801710000001', 'failed', now(), 'refused');

select set_eq(
    $$select q.campaign_id, q.not_before from trustcart_private.queued_campaigns('sms') as q$$,
    $$values (1::bigint, timestamptz '2026-03-01 10:00+00'), (2, '2026-03-05 10:00+00')$$,
    'each that waits, once, with the earliest; what is closed does not wait'
);
select set_eq(
    $$select q.campaign_id from trustcart_private.queued_campaigns('whatsapp') as q$$, array[4::bigint], 'by channel'
);
select is_empty($$select from trustcart_private.queued_campaigns('email') as q$$, 'an empty queue has none');

select * from finish();
rollback;

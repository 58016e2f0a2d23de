-- An address whose last message bounced is not to be written to.
begin;
select plan(7);

insert into trustcart.customers (id) select 900000 + n from generate_series(1, 4) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid');
insert into trustcart.campaign_messages (
    id, campaign_id, customer_id, channel, address, occurrence, status, queued_at, sent_at, provider_message_id
)
values
(900001, 900001, 900001, 'email', 'a@x', '', 'sent', '2026-01-01', '2026-01-02', 'p1'),
(900002, 900001, 900002, 'email', 'b@x', '', 'sent', '2026-01-01', '2026-01-02', 'p2'),
(900003, 900001, 900003, 'email', 'c@x', '', 'sent', '2026-01-01', '2026-01-02', 'p3'),
(900004, 900001, 900004, 'email', 'd@x', '', 'sent', '2026-01-01', '2026-01-02', 'p4');
select is_empty($$select * from trustcart_private.bounced_addresses('email')$$, 'none');
select trustcart.record_receipt('email', k.kind, '2026-01-03', p_provider_message_id => k.id, p_detail => k.kind)
from (values ('bounced', 'p1'), ('bounced', 'p2'), ('failed', 'p3'), ('delivered', 'p4')) as k (kind, id);
select results_eq(
    $$select * from trustcart_private.bounced_addresses('email') order by 1$$,
    $$values (900001::bigint, 'a@x'), (900002, 'b@x')$$, 'bounced; what only failed may go another time'
);
select results_eq(
    $$select * from trustcart_private.bounced_addresses('email', array[900002, 900003])$$, $$values (900002::bigint, 'b@x')$$,
    'of some customers'
);
select is_empty($$select * from trustcart_private.bounced_addresses('sms')$$, 'of its channel');
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, occurrence, status, sent_at)
values (900001, 900001, 'email', 'a@x', 'later', 'sent', '2026-01-05'), (900001, 900002, 'email', 'b2@x', 'later', 'sent', '2026-01-05');
select results_eq(
    $$select * from trustcart_private.bounced_addresses('email')$$, $$values (900002::bigint, 'b@x')$$,
    'until a later one to the same address does not'
);

-- The next audience
update trustcart.customers set email = 'B@x', phone = '01711000002', mobile = '01711000003' where id = 900002;
insert into trustcart.campaign_messages (
    campaign_id, customer_id, channel, address, occurrence, status, queued_at, sent_at, provider_message_id
)
values (900001, 900002, 'sms', '+8801711000002', 'sms', 'sent', '2026-01-01', '2026-01-02', 's2');
select trustcart.record_receipt('sms', 'bounced', '2026-01-03', p_provider_message_id => 's2');
select is_empty(
    $$select * from trustcart_private.message_addresses('email', array[900002])$$, 'has no address to write to'
);
select results_eq(
    $$select a.address from trustcart_private.message_addresses('sms', array[900002]) as a$$, $$values ('+8801711000003')$$,
    'or takes the next number'
);

select * from finish();
rollback;

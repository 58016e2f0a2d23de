-- A key is right as a whole or not at all.
begin;
select plan(7);

insert into trustcart.customers (id) values (900001), (900002);
insert into trustcart.marketing_campaigns (id, campaign_name) values (900001, 'Eid');
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address, token)
values
(900001, 900001, 900001, 'sms', '+8801711000001', '00000000-0000-4000-8000-000000000001'),
(900002, 900001, 900002, 'sms', '+8801711000002', '00000000-0000-4000-8000-000000000002');

select is(
    trustcart_private.message_of_key('900001-00000000-0000-4000-8000-000000000001'), 900001::bigint, 'the right key'
);
select is(
    trustcart_private.message_of_key(trustcart_private.message_key(m.id, m.token)), m.id, 'what message_key() made'
)
from trustcart.campaign_messages as m
where m.id = 900002;
select is(
    trustcart_private.message_of_key('900001-00000000-0000-4000-8000-000000000002'), null, 'another''s token'
);
select is(
    trustcart_private.message_of_key('900009-00000000-0000-4000-8000-000000000001'), null, 'another id'
);
select is(trustcart_private.message_of_key('900001'), null, 'no token');
select is(
    trustcart_private.message_of_key('99999999999999999999-00000000-0000-4000-8000-000000000001'), null, 'a huge id'
);
select is(trustcart_private.message_of_key(null), null, 'nothing');

select * from finish();
rollback;

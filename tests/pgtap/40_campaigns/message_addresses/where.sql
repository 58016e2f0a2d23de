-- Where each channel reaches a customer.
begin;
select plan(5);

insert into trustcart.customers (id, phone, mobile, email)
values
(1, '01711000001', '01811000001', 'One@Example.com'),
(2, '0255012345', '01811000002', null),
(3, 'call my son', null, 'three@example.com'),
(4, '01711000004', '01811000004', null),
(5, '01711000005', null, null),
(6, '+491510000001', null, null),
-- One so long would fit into no index.
(7, null, null, repeat('x', 309) || '@example.com');
insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at, cleared_at)
values
(4, '+8801711000004', now() - interval '1 day', null), (5, '+8801711000005', now() - interval '1 day', null),
(1, '+8801711000001', now() - interval '1 day', now());

create function pg_temp.addresses(p_channel text) returns text language sql as
$$select string_agg(a.customer_id || ' ' || a.address, ', ' order by a.customer_id)
from trustcart_private.message_addresses(p_channel) as a where a.customer_id < 100$$;
select is(
    pg_temp.addresses('sms'), '1 +8801711000001, 2 +8801811000002, 4 +8801811000004, 6 +491510000001',
    'sms: the phone, else the mobile; no landline, no flagged number'
);
select is(
    pg_temp.addresses('whatsapp'), '1 +8801711000001, 2 +880255012345, 4 +8801811000004, 6 +491510000001', 'whatsapp'
);
select is(pg_temp.addresses('email'), '1 one@example.com, 3 three@example.com', 'email in lower case, unless it is too long for one');
select is((select count(*) from trustcart_private.message_addresses('push')), 7::bigint, 'push reaches everybody');
select results_eq(
    $$select a.customer_id, a.address from trustcart_private.message_addresses('push', '{3,99}') as a$$,
    $$values (3::bigint, 'customer:3')$$, 'of some'
);

select * from finish();
rollback;

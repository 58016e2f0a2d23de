-- From which campaign an order followed: the coupon first, then the customer's latest message in whose window it lies.
begin;
select plan(22);

update trustcart.settings set time_zone = 'Asia/Dhaka', attribution_days = 7;
insert into trustcart.customers (id) select 900000 + n from generate_series(1, 9) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, discount_code, attribution_days, start_date)
values
(900001, 'Plain', null, null, null), (900002, 'Short', null, 1, null), (900003, 'Eid', 'EID10', null, '2030-01-01'),
(900004, 'Eid again', 'eid10', null, '2030-02-01'), (900005, 'Same day', null, 0, null),
(900006, 'Later', 'LATE', null, '2030-03-10');
insert into trustcart.campaign_messages (
    id, campaign_id, customer_id, channel, address, status, sent_at, bounced_at
)
values
(900001, 900001, 900001, 'sms', 'a', 'sent', '2030-03-01 12:00+06', null),
(900002, 900002, 900001, 'sms', 'a', 'sent', '2030-03-03 12:00+06', null),
(900003, 900003, 900002, 'sms', 'b', 'sent', '2030-01-02 12:00+06', null),
(900004, 900001, 900002, 'sms', 'b', 'sent', '2030-03-01 12:00+06', null),
(900005, 900005, 900003, 'sms', 'c', 'sent', '2030-03-01 12:00+06', null),
(900006, 900001, 900004, 'sms', 'd', 'sent', '2030-03-01 12:00+06', '2030-03-01 12:01+06'),
(900007, 900001, 900005, 'sms', 'e', 'sent', '2030-03-01 23:59:59+06', null),
(900009, 900003, 900007, 'sms', 'g', 'sent', '2030-02-05 12:00+06', null),
(900010, 900004, 900007, 'sms', 'g', 'sent', '2030-02-04 12:00+06', null);
insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address)
values (900008, 900001, 900006, 'sms', 'f');

create temporary table cases (id bigint, expected text, told text);
with given (id, customer_id, order_date, ordered_at, coupon_code, status, expected, told) as (
    values
    (900001, 900001, date '2030-03-02', null::timestamptz, null, 'pending', 'window 900001 900001', 'within the days'),
    (900002, 900001, '2030-03-04', null, null, 'pending', 'window 900002 900002', 'the latest message has it'),
    (
        900003, 900001, '2030-03-05', null, null, 'pending', 'window 900001 900001',
        'the latest whose own days hold the order'
    ),
    (900004, 900001, '2030-03-08', null, null, 'pending', 'window 900001 900001', 'the seventh day'),
    (900005, 900001, '2030-03-09', null, null, 'pending', null, 'the eighth day'),
    (900006, 900001, '2030-03-01', null, null, 'pending', 'window 900001 900001', 'on the day, at no known hour'),
    (900007, 900001, '2030-03-01', '2030-03-01 11:59+06', null, 'pending', null, 'on the day, before the message'),
    (900008, 900001, '2030-03-01', '2030-03-01 12:00+06', null, 'pending', 'window 900001 900001', 'at its instant'),
    (900009, 900001, '2030-02-28', null, null, 'pending', null, 'the day before'),
    (900010, 900001, '2030-03-02', null, null, 'cancelled', null, 'one that does not count'),
    (
        900011, 900002, '2030-03-02', null, 'Eid10', 'pending', 'coupon 900003 900003',
        'a code that two campaigns share: that which wrote to the customer, long ago, and not the latest message'
    ),
    (900012, 900006, '2030-03-02', null, ' eid10 ', 'pending', 'coupon 900004 ', 'else the latest, without a message'),
    (900013, 900006, '2030-01-15', null, 'EID10', 'pending', 'coupon 900003 ', 'the latest that had begun'),
    (900014, 900006, '2030-03-09', null, 'LATE', 'pending', null, 'a code from before its campaign'),
    (900015, 900002, '2030-03-02', null, 'NONE', 'pending', 'window 900001 900004', 'a code of no campaign'),
    (900016, 900003, '2030-03-01', null, null, 'pending', 'window 900005 900005', '0 days: the day itself'),
    (900017, 900003, '2030-03-02', null, null, 'pending', null, '0 days: not the next'),
    (900018, 900004, '2030-03-02', null, null, 'pending', null, 'a message that bounced'),
    (900019, 900005, '2030-03-08', null, null, 'pending', 'window 900001 900007', 'days are those of the shop''s clock'),
    (900020, 900006, '2030-03-02', null, null, 'pending', null, 'a message not sent yet'),
    (900021, 900007, '2030-03-02', null, 'EID10', 'pending', 'coupon 900003 900009', 'both wrote: that which did last')
),

placed as (
    insert into trustcart.sales_orders (id, customer_id, order_date, ordered_at, coupon_code, status, total_amount)
    select g.id, g.customer_id, g.order_date, g.ordered_at, g.coupon_code, g.status, 100 from given as g
)

insert into cases select g.id, g.expected, g.told from given as g;

select is(
    (
        select concat(r.kind, ' ', r.campaign_id, ' ', r.message_id)
        from trustcart_private.attributions_of(array[c.id]) as r
    ),
    c.expected, c.told
)
from cases as c
order by c.id;
select results_eq(
    $$select r.order_id, concat(r.kind, ' ', r.campaign_id, ' ', r.message_id), r.amount
    from trustcart_private.attributions_of(array(select id || array[id] from cases)::bigint[]) as r order by 1$$,
    $$select c.id, c.expected, 100::numeric from cases as c where c.expected is not null order by 1$$,
    'all at once, each once'
);

select * from finish();
rollback;

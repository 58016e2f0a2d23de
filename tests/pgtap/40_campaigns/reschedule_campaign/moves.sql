-- start_date is changed after the audience was fixed: the messages go with it.
begin;
select plan(7);

update trustcart.settings set time_zone = 'Asia/Dhaka', quiet_from = null, quiet_until = null;
insert into trustcart.customers (id, first_name, phone) select n, 'C' || n, '0171100000' || n from generate_series(1, 4) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, start_date)
values (1, 'Eid', 'Hi', trustcart.business_date() + 10), (2, 'Other', 'Hi', trustcart.business_date() + 10);
select trustcart.send_campaign(1);
-- One was tried already, one waits for the end of quiet hours: neither waits for the campaign.
update trustcart.campaign_messages set attempts = 1 where campaign_id = 1 and customer_id = 3;
update trustcart.campaign_messages set not_before = not_before + interval '8 hours' where campaign_id = 1 and customer_id = 4;
create temporary view begins as
select
    m.customer_id,
    m.not_before = (trustcart.business_date() + 10)::timestamp at time zone 'Asia/Dhaka' as as_first_said,
    m.not_before = (trustcart.business_date() + 5)::timestamp at time zone 'Asia/Dhaka' as as_said_now,
    m.not_before = m.queued_at as at_once
from trustcart.campaign_messages as m
where m.campaign_id = 1;

select results_eq(
    'select b.customer_id from begins as b where b.as_first_said order by 1', 'values (1::bigint), (2), (3)', 'as it begins'
);
update trustcart.marketing_campaigns set start_date = start_date - 5 where id = 1;
select results_eq(
    'select b.customer_id from begins as b where b.as_said_now order by 1', 'values (1::bigint), (2)', 'earlier'
);
select is((select count(*) from begins as b where b.as_first_said), 1::bigint, 'one tried before waits on');
update trustcart.marketing_campaigns set start_date = start_date + 5 where id = 1;
select is((select count(*) from begins as b where b.as_first_said), 3::bigint, 'later again');
update trustcart.marketing_campaigns set start_date = trustcart.business_date() - 1 where id = 1;
select results_eq(
    'select b.customer_id from begins as b where b.at_once order by 1', 'values (1::bigint), (2)', 'a day that has come: at once'
);
select is(
    (select d.due_at from trustcart.next_delivery('sms') as d), (select min(m.queued_at) from trustcart.campaign_messages as m),
    'which workers see'
);
update trustcart.marketing_campaigns set start_date = null where id = 1;
select is((select count(*) from begins as b where b.at_once), 2::bigint, 'without a start_date too');

select * from finish();
rollback;

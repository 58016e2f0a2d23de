-- POST /crm-automation/campaign/:campaignId/send
begin;
select plan(4);

insert into trustcart.customers (id, phone) values (1, '01711000001'), (2, '01711000002');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template) values (1, 'Eid', 'Hi');
select ok(
    trustcart_api.send_campaign(1) @> '{"message": "Campaign sent to 2 customers", "sent_count": 2, "failed_count": 0}',
    'the guide''s answer'
);
select is(trustcart_api.send_campaign(1) ->> 'message', 'Campaign was already sent to 2 customers', 'again');
select throws_ok('select trustcart_api.send_campaign(2)', 'TC004', null, 'unknown');
select throws_ok('select trustcart_api.send_campaign(null)', 'TC003', 'campaignId is required', 'none');

select * from finish();
rollback;

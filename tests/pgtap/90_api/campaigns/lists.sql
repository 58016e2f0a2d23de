-- GET /crm-automation/campaigns
begin;
select plan(6);

insert into trustcart.marketing_campaigns (
    id, campaign_name, campaign_type, target_segment, discount_code, start_date, end_date, is_active
)
values
(1, 'Winter Sale 2025', 'whatsapp', 'repeat', 'WINTER25', trustcart.business_date() - 1, trustcart.business_date(), true),
(2, 'Ended', 'sms', 'all', null, null, trustcart.business_date() - 1, true),
(3, 'Later', 'sms', 'all', null, trustcart.business_date() + 1, null, true),
(4, 'Off', 'sms', 'all', null, null, null, false),
(5, 'Always', 'sms', 'all', null, null, null, true);
select ok(
    trustcart_api.campaigns('active') @> jsonb_build_array(jsonb_build_object(
        'id', 1, 'campaign_name', 'Winter Sale 2025', 'campaign_type', 'whatsapp', 'target_segment', 'repeat',
        'discount_code', 'WINTER25', 'start_date', trustcart.business_date() - 1, 'end_date', trustcart.business_date(),
        'sent_count', 0, 'response_count', 0, 'status', 'active'
    )),
    'the guide''s shape'
);
select is(jsonb_path_query_array(trustcart_api.campaigns('active'), '$[*].id'), '[5, 1]', 'active, the latest first');
select is(
    jsonb_path_query_array(trustcart_api.campaigns(), '$[*].status'),
    '["active", "inactive", "scheduled", "ended", "active"]', 'all, with their status'
);
select is(jsonb_path_query_array(trustcart_api.campaigns(' Ended '), '$[*].id'), '[2]', 'another status');
select throws_ok($$select trustcart_api.campaigns('sent')$$, 'TC002', null, 'unknown');
delete from trustcart.marketing_campaigns;
select is(trustcart_api.campaigns(), '[]', 'none');

select * from finish();
rollback;

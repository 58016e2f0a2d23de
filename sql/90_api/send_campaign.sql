create or replace function trustcart_api.send_campaign(p_campaign_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return trustcart.send_campaign(p_campaign_id);
end;
$$;
comment on function trustcart_api.send_campaign(bigint) is
'POST /crm-automation/campaign/:campaignId/send: trustcart.send_campaign(), whose answer has the guide''s message,
sent_count and failed_count first.';

-- requires: write_campaign, campaigns, current_user_id

create or replace function trustcart_api.create_campaign(
    p_campaign_name text,
    p_campaign_type text default null,
    p_target_segment text default null,
    p_message_template text default null,
    p_discount_code text default null,
    p_start_date text default null,
    p_end_date text default null,
    p_subject text default null,
    p_is_scheduled boolean default null,
    p_trigger_event text default null,
    p_notice_days integer default null,
    p_holdout_percentage numeric default null,
    p_attribution_days integer default null,
    p_variants jsonb default null,
    p_created_by bigint default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id bigint := trustcart_private.write_campaign(
        null,
        p_campaign_name,
        p_campaign_type,
        p_target_segment,
        p_message_template,
        p_discount_code,
        p_start_date,
        p_end_date,
        p_subject,
        p_is_scheduled,
        p_trigger_event,
        p_notice_days,
        p_holdout_percentage,
        p_attribution_days,
        p_variants,
        coalesce(p_created_by, trustcart.current_user_id())
    );
begin
    return (
        select e.campaign
        from jsonb_array_elements(trustcart_api.campaigns()) as e (campaign)
        where (e.campaign ->> 'id')::bigint = v_id
    );
end;
$$;
comment on function trustcart_api.create_campaign(
    text, text, text, text, text, text, text, text, boolean, text, integer, numeric, integer, jsonb, bigint
) is
'POST /crm-automation/campaign: makes a campaign and returns it as campaigns() does; p_created_by is whoever asks unless
given. p_variants: [{"variant": "A", "message_template": "...", "subject", "weight"}], in place of the one text. Nothing
is sent before send_campaign(), or start_date with p_is_scheduled. TC001 dates, TC002 type, segment or event, TC003
without campaignName, campaignType, targetSegment or messageTemplate, TC004 created_by, TC005 end before start or
otherwise malformed, TC006 templates.';

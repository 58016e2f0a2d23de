create or replace function trustcart_private.require_campaign(p_campaign_id bigint)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_campaign_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'campaignId is required',
            hint = 'Give the id of the campaign.';
    elsif not exists (select from trustcart.marketing_campaigns as m where m.id = p_campaign_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no campaign %s', p_campaign_id),
            hint = 'Take the id from trustcart.marketing_campaigns.';
    end if;
    return p_campaign_id;
end;
$$;
comment on function trustcart_private.require_campaign(bigint) is
'The id given, if it is that of a campaign. TC003 without one, TC004 when there is no such campaign.';

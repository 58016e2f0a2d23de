-- requires: require_campaign, campaigns

create or replace function trustcart_api.change_campaign(p_campaign_id bigint, p_is_active boolean)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.require_campaign(p_campaign_id);
    if p_is_active is null then
        raise exception using
            errcode = 'TC003',
            message = 'isActive is required',
            hint = 'Give true or false.';
    end if;
    update trustcart.marketing_campaigns as m
    set is_active = p_is_active
    where m.id = p_campaign_id and m.is_active <> p_is_active;
    return (
        select e.campaign
        from jsonb_array_elements(trustcart_api.campaigns()) as e (campaign)
        where (e.campaign ->> 'id')::bigint = p_campaign_id
    );
end;
$$;
comment on function trustcart_api.change_campaign(bigint, boolean) is
'Switches a campaign on or off and returns it as campaigns() does. Off, nothing is queued, and what is queued waits
until it is on again. Managers alone. TC003 without campaignId or isActive, TC004 for an unknown campaign.';

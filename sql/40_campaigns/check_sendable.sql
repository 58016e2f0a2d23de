create or replace function trustcart_private.check_sendable(
    p_campaign trustcart.marketing_campaigns, p_as_of date
)
returns void
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wrong text;
    v_remedy text;
begin
    if p_campaign.id is null then
        raise exception using
            errcode = 'TC004',
            message = 'there is no such campaign',
            hint = 'List the campaigns with trustcart_api.campaigns().';
    elsif p_campaign.frozen_at is not null and p_campaign.trigger_event is null then
        return;
    elsif not p_campaign.is_active then
        v_wrong := 'is not active';
        v_remedy := 'Set is_active first.';
    elsif p_campaign.end_date < p_as_of then
        v_wrong := format('ended on %s', p_campaign.end_date);
        v_remedy := 'Give it a later end_date first.';
    elsif p_campaign.message_template is null
        and not exists (select from trustcart.campaign_variants as v where v.campaign_id = p_campaign.id) then
        v_wrong := 'has no message';
        v_remedy := 'Give it a message_template, or variants.';
    elsif p_campaign.discount_code is null
        and exists (
            select from trustcart.template_variables as t where t.name = 'discount_code' and t.fallback = ''
        )
        and exists (
            select
            from (
                select unnest(array[p_campaign.subject, p_campaign.message_template]) as template
                where not exists (select from trustcart.campaign_variants as v where v.campaign_id = p_campaign.id)
                union all
                select unnest(array[coalesce(v.subject, p_campaign.subject), v.message_template])
                from trustcart.campaign_variants as v
                where v.campaign_id = p_campaign.id
            ) as x
            cross join lateral trustcart_private.template_pieces(x.template) as p
            where p.variable = 'discount_code'
        ) then
        v_wrong := 'has no discount_code, which its text names';
        v_remedy := 'Set discount_code, or take {{ discount_code }} out of the text.';
    elsif p_campaign.trigger_event is not null and p_campaign.start_date > p_as_of then
        v_wrong := format('begins on %s', p_campaign.start_date);
        v_remedy := 'Its events are written about from that day on.';
    end if;
    if v_wrong is not null then
        raise exception using
            errcode = 'TC110',
            message = format('campaign %s (%s) %s', p_campaign.id, p_campaign.campaign_name, v_wrong),
            hint = v_remedy;
    end if;
end;
$$;
comment on function trustcart_private.check_sendable(trustcart.marketing_campaigns, date) is
'Raises TC110 when a campaign cannot be sent on a date: switched off, ended, without a message, without the
discount code that its text names, or, of an event campaign, not begun; TC004 for a row of nulls. One that was sent passes: a second send is answered.';

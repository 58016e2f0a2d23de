-- requires: page_frame, require_campaign, campaign_status, check_sendable

create or replace function trustcart_api.page_automation_campaign(p_campaign_id bigint)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
    v_as_of date := trustcart.business_date();
    v_campaign trustcart.marketing_campaigns;
    v_problem text;
    v_remedy text;
begin
    perform trustcart_private.require_campaign(p_campaign_id);
    select m.* into v_campaign from trustcart.marketing_campaigns as m where m.id = p_campaign_id;
    begin
        perform trustcart_private.check_sendable(v_campaign, v_as_of);
    exception when sqlstate 'TC110' then
        get stacked diagnostics v_problem = message_text, v_remedy = pg_exception_hint;
    end;
    return jsonb_build_object(
        'frame', v_frame,
        'campaign',
        to_jsonb(v_campaign) || jsonb_build_object(
            'holdout_percentage', trim_scale(v_campaign.holdout_percentage),
            'attribution_days', coalesce(
                v_campaign.attribution_days, (select s.attribution_days from trustcart.settings as s)
            ),
            'notice_days', case
                when v_campaign.trigger_event = 'birthday' then coalesce(v_campaign.notice_days, 7)
            end,
            'status', trustcart_private.campaign_status(
                v_campaign.is_active, v_campaign.start_date, v_campaign.end_date, v_as_of
            ),
            'is_sent', v_campaign.frozen_at is not null,
            -- What a button may offer: events go out again and again, everything else once.
            'can_be_sent', v_problem is null and (v_campaign.frozen_at is null or v_campaign.trigger_event is not null),
            'frozen_at', to_char(v_campaign.frozen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'created_at', to_char(v_campaign.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'created_by_name', (select u.name from trustcart.users as u where u.id = v_campaign.created_by)
        ),
        'problem', v_problem,
        'hint', v_remedy,
        'segment_description', (
            select g.description from trustcart.segments as g where g.name = v_campaign.target_segment
        ),
        'variants', coalesce(
            (
                select jsonb_agg(to_jsonb(v) - 'campaign_id' order by v.variant)
                from trustcart.campaign_variants as v
                where v.campaign_id = p_campaign_id
            ),
            '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_campaign(bigint) is
'A campaign as its page shows it at once: its columns with status, is_sent, can_be_sent and created_by_name; its
variants; problem and hint, why it cannot be sent now. What must be counted is page_automation_analytics(). Managers alone. TC003
without an id, TC004 for an unknown campaign.';

-- requires: business_date

create or replace function trustcart_api.campaigns(p_status text default null)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text := coalesce(nullif(lower(btrim(p_status)), ''), 'all');
    v_date date := trustcart.business_date();
begin
    if v_status not in ('active', 'scheduled', 'ended', 'inactive', 'all') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a status of campaigns', p_status),
            hint = 'Known are active, scheduled, ended, inactive, and all.',
            column = 'status';
    end if;
    return (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', m.id,
                        'campaign_name', m.campaign_name,
                        'campaign_type', m.campaign_type,
                        'target_segment', m.target_segment,
                        'discount_code', m.discount_code,
                        'start_date', m.start_date,
                        'end_date', m.end_date,
                        'sent_count', m.sent_count,
                        'response_count', m.response_count,
                        'status', s.status,
                        'subject', m.subject,
                        'message_template', m.message_template,
                        'is_active', m.is_active,
                        'is_scheduled', m.is_scheduled,
                        'trigger_event', m.trigger_event,
                        'notice_days', m.notice_days,
                        'holdout_percentage', trim_scale(m.holdout_percentage),
                        'attribution_days', m.attribution_days,
                        'frozen_at', to_char(m.frozen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'created_at', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                    )
                    order by m.id desc
                ),
                '[]'
            )
        from trustcart.marketing_campaigns as m
        cross join lateral (
            select trustcart_private.campaign_status(m.is_active, m.start_date, m.end_date, v_date) as status
        ) as s
        where v_status in (s.status, 'all')
    );
end;
$$;
comment on function trustcart_api.campaigns(text) is
'GET /crm-automation/campaigns: campaigns, the latest first, as an array; p_status: active (switched on, begun, not
ended), scheduled (begins later), ended, inactive, or all. sent_count is what the channel accepted so far,
response_count what was answered; frozen_at says when the audience was fixed. TC002 for the status.';

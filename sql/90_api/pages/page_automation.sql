-- requires: page_frame, campaign_status

create or replace function trustcart_api.page_automation(
    p_status text default null, p_before bigint default null, p_limit integer default 20
)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text := coalesce(nullif(lower(btrim(p_status)), ''), 'all');
    v_date date := trustcart.business_date();
    v_frame jsonb := trustcart_api.page_frame();
    v_ids bigint[];
begin
    if v_status not in ('active', 'scheduled', 'ended', 'inactive', 'all') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a status of campaigns', left(p_status, 100)),
            hint = 'Known are active, scheduled, ended, inactive, and all.';
    elsif (p_limit between 1 and 100) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', coalesce(p_limit::text, 'null')),
            hint = 'Give 1 to 100.';
    end if;
    -- One more than is shown: it tells whether there is a next page.
    v_ids := array(
        select m.id
        from trustcart.marketing_campaigns as m
        where
            (p_before is null or m.id < p_before)
            and v_status in (
                trustcart_private.campaign_status(m.is_active, m.start_date, m.end_date, v_date), 'all'
            )
        order by m.id desc
        limit p_limit + 1
    );
    return jsonb_build_object(
        'frame', v_frame,
        'status', v_status,
        'before', p_before,
        'next_before', case when cardinality(v_ids) > p_limit then v_ids[p_limit] end,
        'campaigns', coalesce(
            (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'id', m.id,
                            'campaign_name', m.campaign_name,
                            'campaign_type', m.campaign_type,
                            'target_segment', m.target_segment,
                            'trigger_event', m.trigger_event,
                            'start_date', m.start_date,
                            'end_date', m.end_date,
                            'is_active', m.is_active,
                            'is_scheduled', m.is_scheduled,
                            'is_sent', m.frozen_at is not null,
                            'status', trustcart_private.campaign_status(
                                m.is_active, m.start_date, m.end_date, v_date
                            ),
                            'sent', m.sent_count,
                            'responded', m.response_count
                        )
                        order by m.id desc
                    )
                from trustcart.marketing_campaigns as m
                where m.id = any(v_ids[:p_limit])
            ),
            '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation(text, bigint, integer) is
'The Automation dashboard''s first page: campaigns, the latest first, with the two counters that campaigns carry; what
must be counted is page_automation_figures(). p_status as campaigns() has it; p_before: those with a smaller id, as
next_before of the page before says, null on the last. Managers alone. TC002 for the status, TC005 for a limit out of 1 to 100.';

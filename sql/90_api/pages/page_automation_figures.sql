create or replace function trustcart_api.page_automation_figures(p_campaign_ids bigint[])
returns jsonb
language plpgsql volatile parallel restricted
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_began_at timestamptz := clock_timestamp();
    v_id bigint;
    v_figures jsonb;
    v_result jsonb := '[]'::jsonb;
    v_left bigint[] := '{}'::bigint[];
begin
    if cardinality(p_campaign_ids) > 100 then
        raise exception using
            errcode = 'TC005',
            message = 'more than 100 campaigns at once',
            hint = 'Ask for those that are shown.';
    end if;
    -- One by one, for the view counts a campaign's messages alone only where the campaign is known. A large shop's take
    -- long: what is not counted within the time is said to be left, and its own page counts it.
    foreach v_id in array coalesce(p_campaign_ids, '{}') loop
        if clock_timestamp() > v_began_at + interval '2 seconds' then
            v_left := v_left || v_id;
            continue;
        end if;
        select
            jsonb_build_object(
                'id', p.campaign_id,
                'audience', p.audience,
                'queued', p.queued,
                'sent', p.sent,
                'delivered', p.delivered,
                'opened', p.opened,
                'responded', p.responded,
                'converted', p.converted,
                'revenue', trim_scale(p.revenue)
            )
        into v_figures
        from trustcart.campaign_performance as p
        where p.campaign_id = v_id;
        if v_figures is not null then
            v_result := v_result || v_figures;
        end if;
    end loop;
    return jsonb_build_object('campaigns', v_result, 'not_counted', to_jsonb(v_left));
end;
$$;
comment on function trustcart_api.page_automation_figures(bigint[]) is
'What became of the campaigns of a page, out of campaign_performance: {"campaigns": [{"id", "audience", "queued",
"sent", "delivered", "opened", "responded", "converted", "revenue"}], "not_counted": [ids]}. After two seconds no further one is
begun. Unknown ids are left out. Managers alone. TC005 for more than 100.';

-- requires: page_frame, require_campaign

create or replace function trustcart_api.page_automation_analytics(p_campaign_id bigint)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_campaign trustcart.marketing_campaigns;
    v_from date;
    v_to date;
    v_performance jsonb;
    v_result jsonb;
begin
    perform trustcart_private.require_campaign(p_campaign_id);
    select m.* into v_campaign from trustcart.marketing_campaigns as m where m.id = p_campaign_id;
    select to_jsonb(p) into v_performance
    from trustcart.campaign_performance as p
    where p.campaign_id = p_campaign_id;

    -- The days from the first message on; of a campaign that goes on for years, the last sixty.
    select
        min((m.sent_at at time zone v_time_zone)::date),
        max(
            (greatest(m.sent_at, m.delivered_at, m.opened_at, m.responded_at) at time zone v_time_zone)::date
        )
    into v_from, v_to
    from trustcart.campaign_messages as m
    where m.campaign_id = p_campaign_id and m.sent_at is not null;
    v_to := least(
        greatest(
            v_to,
            (
                select max(o.order_date)
                from trustcart.order_attributions as r
                inner join trustcart.sales_orders as o on r.order_id = o.id
                where r.campaign_id = p_campaign_id
            )
        ),
        trustcart.business_date()
    );
    v_from := greatest(v_from, v_to - 59);

    v_result := jsonb_build_object(
        'frame', v_frame,
        'campaign_id', p_campaign_id,
        'is_sent', v_campaign.frozen_at is not null,
        'trigger_event', v_campaign.trigger_event,
        'holdout_percentage', trim_scale(v_campaign.holdout_percentage),
        'performance', v_performance,
        'variants', coalesce(
            (
                select jsonb_agg(to_jsonb(p) - 'campaign_id' order by p.variant)
                from trustcart.campaign_variant_performance as p
                where p.campaign_id = p_campaign_id
            ),
            '[]'
        ),
        'exclusions', coalesce(
            (
                select jsonb_agg(jsonb_build_object('reason', x.reason, 'customers', x.n) order by x.n desc, x.reason)
                from (
                    select
                        e.reason,
                        count(*) as n
                    from trustcart.campaign_exclusions as e
                    where e.campaign_id = p_campaign_id
                    group by e.reason
                ) as x
            ),
            '[]'
        ),
        'statuses', coalesce(
            (
                select jsonb_agg(jsonb_build_object('status', x.status, 'messages', x.n) order by x.n desc, x.status)
                from (
                    select
                        m.status,
                        count(*) as n
                    from trustcart.campaign_messages as m
                    where m.campaign_id = p_campaign_id
                    group by m.status
                ) as x
            ),
            '[]'
        )
    );

    return v_result || jsonb_build_object(
        'days',
        coalesce(
            (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'date', v_from + g.n,
                            'sent', coalesce(d.sent, 0),
                            'opened', coalesce(d.opened, 0),
                            'responded', coalesce(d.responded, 0),
                            'orders', coalesce(o.orders, 0),
                            'revenue', trim_scale(coalesce(o.revenue, 0))
                        )
                        order by g.n
                    )
                from generate_series(0, v_to - v_from) as g (n)
                left join (
                    select
                        (k.at at time zone v_time_zone)::date as day,
                        count(*) filter (where k.kind = 'sent') as sent,
                        count(*) filter (where k.kind = 'opened') as opened,
                        count(*) filter (where k.kind = 'responded') as responded
                    from trustcart.campaign_messages as m
                    cross join lateral (
                        values ('sent', m.sent_at), ('opened', m.opened_at), ('responded', m.responded_at)
                    ) as k (kind, at)
                    where
                        m.campaign_id = p_campaign_id
                        and k.at >= v_from::timestamp at time zone v_time_zone
                        and k.at < (v_to + 1)::timestamp at time zone v_time_zone
                    group by (k.at at time zone v_time_zone)::date
                ) as d on d.day = v_from + g.n
                left join (
                    select
                        s.order_date,
                        count(*) as orders,
                        sum(r.amount) as revenue
                    from trustcart.order_attributions as r
                    inner join trustcart.sales_orders as s on r.order_id = s.id
                    where r.campaign_id = p_campaign_id
                    group by s.order_date
                ) as o on o.order_date = v_from + g.n
            ),
            '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_analytics(bigint) is
'What became of a campaign: performance (campaign_performance), variants (campaign_variant_performance), exclusions and
statuses counted, days: what was sent, opened and answered on each and what was ordered because of it, from the first
message on, the last sixty at most. Managers alone. TC003 without an id, TC004 for an unknown campaign.';

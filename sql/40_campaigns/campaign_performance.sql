-- requires: newcombe_interval, wilson_interval

create or replace view trustcart.campaign_performance
with (security_invoker = true) as
select
    k.id as campaign_id,
    k.campaign_name,
    k.campaign_type as channel,
    coalesce(m.messages, 0) as audience,
    coalesce(m.queued, 0) as queued,
    k.sent_count as sent,
    coalesce(m.delivered, 0) as delivered,
    coalesce(m.opened, 0) as opened,
    k.response_count as responded,
    coalesce(m.bounced, 0) as bounced,
    coalesce(m.failed, 0) as failed,
    coalesce(m.suppressed, 0) as suppressed,
    coalesce(m.unsubscribed, 0) as unsubscribed,
    coalesce(x.excluded, 0) as excluded,
    coalesce(a.converted, 0) as converted,
    coalesce(a.orders, 0) as orders,
    coalesce(a.revenue, 0) as revenue,
    round(coalesce(m.delivered, 0) * 100.0 / nullif(k.sent_count, 0), 2) as delivery_rate,
    round(coalesce(m.opened, 0) * 100.0 / nullif(k.sent_count, 0), 2) as open_rate,
    round(k.response_count * 100.0 / nullif(k.sent_count, 0), 2) as response_rate,
    round(coalesce(a.converted, 0) * 100.0 / nullif(k.sent_count, 0), 2) as conversion_rate,
    coalesce(h.holdout_size, 0) as holdout_size,
    case when h.holdout_size > 0 then m.buyers end as audience_buyers,
    case when h.holdout_size > 0 then h.buyers end as holdout_buyers,
    case
        when h.holdout_size > 0 then round(m.buyers * 100.0 / nullif(m.messages, 0), 2)
    end as conversion_rate_audience,
    round(h.buyers * 100.0 / nullif(h.holdout_size, 0), 2) as conversion_rate_holdout,
    round(m.buyers * 100.0 / nullif(m.messages, 0) - h.buyers * 100.0 / nullif(h.holdout_size, 0), 2) as lift,
    round(d.share[1]::numeric * 100, 2) as lift_low,
    round(d.share[2]::numeric * 100, 2) as lift_high,
    case when h.holdout_size > 0 then round(m.mean_revenue, 2) end as revenue_per_customer_audience,
    round(h.mean_revenue, 2) as revenue_per_customer_holdout,
    round(m.mean_revenue - h.mean_revenue, 2) as revenue_lift,
    round(m.mean_revenue - h.mean_revenue - d.margin, 2) as revenue_lift_low,
    round(m.mean_revenue - h.mean_revenue + d.margin, 2) as revenue_lift_high
from trustcart.marketing_campaigns as k
-- Grouped, not laterally: all campaigns are one pass, and the condition on one of them is passed down.
left join (
    select
        c.campaign_id,
        count(*) as messages,
        count(*) filter (where c.status in ('queued', 'sending')) as queued,
        count(c.delivered_at) as delivered,
        count(c.opened_at) as opened,
        count(c.bounced_at) as bounced,
        count(*) filter (where c.status = 'failed') as failed,
        count(*) filter (where c.status in ('cancelled', 'expired')) as suppressed,
        count(c.unsubscribed_at) as unsubscribed,
        count(b.revenue) as buyers,
        avg(coalesce(b.revenue, 0)) as mean_revenue,
        var_samp(coalesce(b.revenue, 0)) as variance
    from trustcart.campaign_messages as c
    inner join trustcart.marketing_campaigns as g on c.campaign_id = g.id
    cross join trustcart.settings as s
    -- Chosen before its start_date, a campaign says nothing until then.
    cross join lateral (
        select greatest(c.queued_at, g.start_date::timestamp at time zone s.time_zone) as began_at
    ) as f
    -- What the customer bought from then on, as long as the campaign attributes: asked only where there is a holdout to
    -- compare with.
    left join lateral (
        select sum(o.total_amount) as revenue
        from trustcart.sales_orders as o
        where
            g.holdout_percentage > 0
            and o.customer_id = c.customer_id
            and o.order_date >= (f.began_at at time zone s.time_zone)::date
            and o.order_date <= (
                (f.began_at at time zone s.time_zone)::date + coalesce(g.attribution_days, s.attribution_days)
            )
            and (o.ordered_at is null or o.ordered_at >= f.began_at)
            and o.status = any(
                array(
                    select os.status
                    from trustcart.order_statuses as os
                    where os.counts
                )
            )
    ) as b on true
    group by c.campaign_id
) as m on k.id = m.campaign_id
left join (
    select
        e.campaign_id,
        count(*) as holdout_size,
        count(b.revenue) as buyers,
        avg(coalesce(b.revenue, 0)) as mean_revenue,
        var_samp(coalesce(b.revenue, 0)) as variance
    from trustcart.campaign_exclusions as e
    inner join trustcart.marketing_campaigns as g on e.campaign_id = g.id
    cross join trustcart.settings as s
    cross join lateral (
        select greatest(e.excluded_at, g.start_date::timestamp at time zone s.time_zone) as began_at
    ) as f
    left join lateral (
        select sum(o.total_amount) as revenue
        from trustcart.sales_orders as o
        where
            o.customer_id = e.customer_id
            and o.order_date >= (f.began_at at time zone s.time_zone)::date
            and o.order_date <= (
                (f.began_at at time zone s.time_zone)::date + coalesce(g.attribution_days, s.attribution_days)
            )
            and (o.ordered_at is null or o.ordered_at >= f.began_at)
            and o.status = any(
                array(
                    select os.status
                    from trustcart.order_statuses as os
                    where os.counts
                )
            )
    ) as b on true
    where e.reason = 'holdout'
    group by e.campaign_id
) as h on k.id = h.campaign_id
left join (
    select
        e.campaign_id,
        count(*) as excluded
    from trustcart.campaign_exclusions as e
    where e.reason <> 'holdout'
    group by e.campaign_id
) as x on k.id = x.campaign_id
left join (
    select
        r.campaign_id,
        count(distinct t.customer_id) as converted,
        count(*) as orders,
        sum(r.amount) as revenue
    from trustcart.order_attributions as r
    left join trustcart.campaign_messages as t on r.message_id = t.id
    group by r.campaign_id
) as a on k.id = a.campaign_id
cross join lateral (
    select
        trustcart.newcombe_interval(m.buyers, m.messages, h.buyers, h.holdout_size) as share,
        1.959963984540054 * sqrt(m.variance / nullif(m.messages, 0) + h.variance / nullif(h.holdout_size, 0)) as margin
) as d;

comment on view trustcart.campaign_performance is
'What became of each campaign, one row each: its audience, message by message; the orders attributed to it; and, where
there was a holdout, what all of the audience bought against what the holdout bought ("intention to treat").';
comment on column trustcart.campaign_performance.campaign_id is 'The campaign.';
comment on column trustcart.campaign_performance.campaign_name is 'Its name.';
comment on column trustcart.campaign_performance.channel is 'sms, email, whatsapp or push.';
comment on column trustcart.campaign_performance.audience is 'Messages in all, whatever became of them.';
comment on column trustcart.campaign_performance.queued is 'Of these, waiting or with a worker.';
comment on column trustcart.campaign_performance.sent is 'Accepted by the channel.';
comment on column trustcart.campaign_performance.delivered is 'Reported as delivered; not every channel reports that.';
comment on column trustcart.campaign_performance.opened is 'Reported as opened or read.';
comment on column trustcart.campaign_performance.responded is 'Answered.';
comment on column trustcart.campaign_performance.bounced is 'Came back as undeliverable, after they were accepted.';
comment on column trustcart.campaign_performance.failed is 'Given up: no channel accepted them.';
comment on column trustcart.campaign_performance.suppressed is
'No longer allowed when their turn came, or the campaign ended first.';
comment on column trustcart.campaign_performance.unsubscribed is 'By which the customer unsubscribed.';
comment on column trustcart.campaign_performance.excluded is 'Of the segment, left out by a rule; without the holdout.';
comment on column trustcart.campaign_performance.converted is 'Recipients with an order attributed to the campaign.';
comment on column trustcart.campaign_performance.orders is
'Orders attributed to the campaign, those included that used its coupon without a message.';
comment on column trustcart.campaign_performance.revenue is 'What these orders come to, in taka.';
comment on column trustcart.campaign_performance.delivery_rate is 'Delivered of sent, in percent; null when none was.';
comment on column trustcart.campaign_performance.open_rate is 'Opened of sent, in percent.';
comment on column trustcart.campaign_performance.response_rate is 'Answered of sent, in percent.';
comment on column trustcart.campaign_performance.conversion_rate is 'Converted of sent, in percent.';
comment on column trustcart.campaign_performance.holdout_size is
'Customers held out by chance, for comparison; those below are null when there are none.';
comment on column trustcart.campaign_performance.audience_buyers is
'Of the audience, sent to or not, those with a counted order within attribution_days of being chosen, or of start_date
where that came later.';
comment on column trustcart.campaign_performance.holdout_buyers is 'The same of the holdout.';
comment on column trustcart.campaign_performance.conversion_rate_audience is 'Buyers of the audience, in percent.';
comment on column trustcart.campaign_performance.conversion_rate_holdout is 'Buyers of the holdout, in percent.';
comment on column trustcart.campaign_performance.lift is
'What the campaign made of it: the difference of the two, in percentage points.';
comment on column trustcart.campaign_performance.lift_low is
'Lower bound of its 95% confidence interval (Newcombe). Below 0: it may have done nothing.';
comment on column trustcart.campaign_performance.lift_high is 'Upper bound of it.';
comment on column trustcart.campaign_performance.revenue_per_customer_audience is
'What a customer of the audience ordered within attribution_days, in taka, those who did not included.';
comment on column trustcart.campaign_performance.revenue_per_customer_holdout is 'The same of the holdout.';
comment on column trustcart.campaign_performance.revenue_lift is 'The difference of the two, in taka.';
comment on column trustcart.campaign_performance.revenue_lift_low is
'Lower bound of its 95% confidence interval (Welch, by the normal distribution).';
comment on column trustcart.campaign_performance.revenue_lift_high is 'Upper bound of it.';

-- requires: wilson_interval

create or replace view trustcart.campaign_variant_performance
with (security_invoker = true) as
select
    m.campaign_id,
    m.variant,
    m.messages as audience,
    m.sent,
    m.delivered,
    m.opened,
    m.responded,
    m.bounced,
    m.unsubscribed,
    coalesce(a.converted, 0) as converted,
    coalesce(a.orders, 0) as orders,
    coalesce(a.revenue, 0) as revenue,
    round(m.responded * 100.0 / nullif(m.sent, 0), 2) as response_rate,
    round(i.responded[1]::numeric * 100, 2) as response_rate_low,
    round(i.responded[2]::numeric * 100, 2) as response_rate_high,
    round(coalesce(a.converted, 0) * 100.0 / nullif(m.sent, 0), 2) as conversion_rate,
    round(i.converted[1]::numeric * 100, 2) as conversion_rate_low,
    round(i.converted[2]::numeric * 100, 2) as conversion_rate_high
from (
    select
        c.campaign_id,
        c.variant,
        count(*) as messages,
        count(c.sent_at) as sent,
        count(c.delivered_at) as delivered,
        count(c.opened_at) as opened,
        count(c.responded_at) as responded,
        count(c.bounced_at) as bounced,
        count(c.unsubscribed_at) as unsubscribed
    from trustcart.campaign_messages as c
    group by c.campaign_id, c.variant
) as m
left join (
    select
        c.campaign_id,
        c.variant,
        -- A message is a trial: an event campaign may write to a customer more than once.
        count(distinct c.id) as converted,
        count(*) as orders,
        sum(r.amount) as revenue
    from trustcart.order_attributions as r
    inner join trustcart.campaign_messages as c on r.message_id = c.id
    group by c.campaign_id, c.variant
) as a on m.campaign_id = a.campaign_id and m.variant is not distinct from a.variant
cross join lateral (
    select
        trustcart.wilson_interval(m.responded, m.sent) as responded,
        trustcart.wilson_interval(coalesce(a.converted, 0), m.sent) as converted
) as i;

comment on view trustcart.campaign_variant_performance is
'The A/B variants of campaigns side by side: what became of their messages, with 95% confidence intervals (Wilson).
Intervals that do not overlap tell the better variant; those that do may say nothing yet.';
comment on column trustcart.campaign_variant_performance.campaign_id is 'The campaign.';
comment on column trustcart.campaign_variant_performance.variant is 'The variant; null: the campaign''s own text.';
comment on column trustcart.campaign_variant_performance.audience is
'Messages of the variant, whatever became of them.';
comment on column trustcart.campaign_variant_performance.sent is 'Accepted by the channel.';
comment on column trustcart.campaign_variant_performance.delivered is 'Reported as delivered.';
comment on column trustcart.campaign_variant_performance.opened is 'Reported as opened or read.';
comment on column trustcart.campaign_variant_performance.responded is 'Answered.';
comment on column trustcart.campaign_variant_performance.bounced is 'Came back after they were accepted.';
comment on column trustcart.campaign_variant_performance.unsubscribed is 'By which the customer unsubscribed.';
comment on column trustcart.campaign_variant_performance.converted is 'Messages with an order attributed to them.';
comment on column trustcart.campaign_variant_performance.orders is 'Orders attributed to these messages.';
comment on column trustcart.campaign_variant_performance.revenue is 'What these orders come to, in taka.';
comment on column trustcart.campaign_variant_performance.response_rate is
'Answered of sent, in percent; null when none was.';
comment on column trustcart.campaign_variant_performance.response_rate_low is
'Lower bound of its 95% confidence interval.';
comment on column trustcart.campaign_variant_performance.response_rate_high is 'Upper bound of it.';
comment on column trustcart.campaign_variant_performance.conversion_rate is 'Converted of sent, in percent.';
comment on column trustcart.campaign_variant_performance.conversion_rate_low is
'Lower bound of its 95% confidence interval.';
comment on column trustcart.campaign_variant_performance.conversion_rate_high is 'Upper bound of it.';

-- requires: recommended_action_of, call_priority_of, value_at_stake_of, avg_days_between_orders_of, business_date

create or replace view trustcart.customer_intelligence
with (security_invoker = true) as
select
    c.id as customer_id,
    nullif(concat_ws(' ', c.first_name, c.last_name), '') as customer_name,
    c.customer_type,
    c.lifecycle_stage,
    c.total_spend,
    trustcart.recommended_action_of(c.lifecycle_stage, c.customer_type) as recommended_action,
    trustcart_private.call_priority_of(c.lifecycle_stage, c.customer_type) as call_priority,
    i.p_alive,
    i.expected_orders_90_days,
    i.expected_value_90_days,
    trustcart_private.value_at_stake_of(i.p_alive, i.expected_value_90_days) as value_at_stake,
    round(d.days::numeric / nullif(d.rhythm, 0), 2) as lateness,
    i.scored_on,
    jsonb_strip_nulls(jsonb_build_object(
        'recommended_action', jsonb_build_object(
            'customer_type', c.customer_type,
            'lifecycle_stage', c.lifecycle_stage
        ),
        'customer_type', jsonb_build_object(
            'orders', c.order_count,
            'spend', c.total_spend,
            'days_since_last_order', d.days,
            'vip_orders', s.vip_order_count,
            'vip_spend', s.vip_spend,
            'inactive_from_days', s.inactive_from_days
        ),
        'lifecycle_stage', jsonb_build_object(
            'days_since_last_order', d.days,
            'at_risk_from_days', s.at_risk_from_days,
            'churned_after_days', s.churned_after_days
        ),
        'lateness', case
            when d.rhythm > 0
                then jsonb_build_object('days_since_last_order', d.days, 'usual_days_between_orders', d.rhythm)
        end,
        'p_alive', case
            when i.customer_id is not null
                then jsonb_build_object(
                    'repeat_orders', i.repeat_orders,
                    'first_order_date', i.first_order_date,
                    'last_order_date', i.last_order_date,
                    'model', i.model_id
                )
        end,
        'value_at_stake', case
            when i.customer_id is not null
                then jsonb_build_object(
                    'expected_value', i.expected_value_90_days,
                    'p_gone', round((1 - i.p_alive)::numeric, 4),
                    'mean_value', i.mean_value
                )
        end
    )) as why
from trustcart.customers as c
left join trustcart.customer_scores as i on c.id = i.customer_id
cross join trustcart.settings as s
cross join lateral (
    select
        trustcart.business_date() - c.last_order_date as days,
        trustcart_private.avg_days_between_orders_of(c.order_count, c.first_order_date, c.last_order_date) as rhythm
) as d;

comment on view trustcart.customer_intelligence is
'What to do about each customer, how urgently to call (guide: "customer_intelligence"), and who will still buy: the
scores of refresh_customer_scores(), null until a model has been fitted and for who has no counted order.';
comment on column trustcart.customer_intelligence.customer_id is 'Identity of the customer.';
comment on column trustcart.customer_intelligence.customer_name is 'First and last name, or the one that is known.';
comment on column trustcart.customer_intelligence.customer_type is 'new, repeat, vip or inactive; null for a prospect.';
comment on column trustcart.customer_intelligence.lifecycle_stage is 'prospect, new, active, at_risk or churned.';
comment on column trustcart.customer_intelligence.total_spend is 'Sum of the counted orders, in taka.';
comment on column trustcart.customer_intelligence.recommended_action is
'Send discount offer (at risk), Personal call from manager (vip), Welcome gift voucher (new) or Regular follow-up.';
comment on column trustcart.customer_intelligence.call_priority is 'hot (vip), warm (at risk) or cold.';
comment on column trustcart.customer_intelligence.p_alive is
'Probability that the customer has not left for good, from 0 to 1; 1 before the second order.';
comment on column trustcart.customer_intelligence.expected_orders_90_days is
'How many orders to expect within 90 days of scored_on.';
comment on column trustcart.customer_intelligence.expected_value_90_days is 'What these come to, in taka.';
comment on column trustcart.customer_intelligence.value_at_stake is
'What a call could keep, in taka: expected_value_90_days times the probability that the customer is on the way out.
Within a priority the call list goes by it.';
comment on column trustcart.customer_intelligence.lateness is
'Days since the last order as a multiple of the customer''s own mean days between orders: above 1 is late. Null below
two days with orders.';
comment on column trustcart.customer_intelligence.scored_on is 'The business date that the scores speak of.';
comment on column trustcart.customer_intelligence.why is
'Behind each column the facts and the thresholds of settings, as {"column": {"fact": value}}: recommended_action (and
call_priority), customer_type, lifecycle_stage, lateness, p_alive, value_at_stake. Amounts in taka.';

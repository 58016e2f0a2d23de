-- requires: label_spans, recomputed_figures, check_access, business_date, require_date
-- requires: dropoff_threshold_of, dropoff_reason_of, recommended_action_of, call_priority_of

create or replace function trustcart.explain_customer(
    p_customer_id bigint, p_as_of date default trustcart.business_date()
)
returns table (
    attribute text, value text, code text, figures jsonb, why text, since date, until date, next_value text
)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_customer_id bigint := trustcart.check_access(p_customer_id);
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_settings trustcart.settings;
    v_orders trustcart_private.customer_figures;
    v_days integer;
    -- The two that nearly every sentence begins with.
    v_last text;
    v_bought text;
begin
    select s.* into v_settings from trustcart.settings as s;
    v_orders := (trustcart_private.recomputed_figures(array[v_customer_id], v_as_of))[1];
    v_days := v_as_of - v_orders.last_order_date;
    v_last := case v_days
        when 0 then 'The last order was placed that day'
        when 1 then 'The last order was 1 day before'
        else format('The last order was %s days before', v_days)
    end;
    v_bought := format(
        case v_orders.order_count when 1 then '%s order worth %s taka' else '%s orders worth %s taka' end,
        v_orders.order_count, trim_scale(v_orders.total_spend)
    );
    return query
    with spans as (
        select
            l.attribute,
            l.value,
            l.since,
            l.until,
            l.next_value
        from trustcart_private.label_spans(v_customer_id, v_as_of) as l
    ),

    labels as (
        select
            max(s.value) filter (where s.attribute = 'customer_type') as customer_type,
            max(s.value) filter (where s.attribute = 'lifecycle_stage') as lifecycle_stage
        from spans as s
    ),

    -- Of every label the reason that its rule has for it, the facts and the thresholds.
    reasons as (
        select
            s.*,
            array_position(
                array[
                    'customer_type', 'lifecycle_stage', 'priority_level', 'risk_level', 'loyalty_tier', 'call_priority',
                    'recommended_action'
                ],
                s.attribute
            ) as place,
            case
                when s.attribute = 'call_priority' then case s.value
                    when trustcart_private.call_priority_of(null, 'vip') then 'because_vip'
                    when trustcart_private.call_priority_of('at_risk', null) then 'because_at_risk'
                    else 'because_none'
                end
                when s.attribute = 'recommended_action' then case s.value
                    when trustcart.recommended_action_of(null, 'vip') then 'because_vip'
                    when trustcart.recommended_action_of('at_risk', null) then 'because_at_risk'
                    when trustcart.recommended_action_of(null, 'new') then 'because_new'
                    else 'because_none'
                end
                when s.attribute = 'loyalty_tier' and s.value is not null then 'loyalty_tier'
                when s.attribute = 'loyalty_tier' then 'no_tier'
                when v_orders.order_count = 0 then 'no_order'
                when s.attribute = 'risk_level' and s.value is not null then 'risk_level'
                when s.attribute = 'risk_level' then 'no_risk'
                else replace(s.attribute, 'customer_', '') || '_' || s.value
            end as code,
            jsonb_strip_nulls(
                jsonb_build_object(
                    'orders', v_orders.order_count,
                    'spend', trim_scale(v_orders.total_spend),
                    'last_order_date', v_orders.last_order_date,
                    'days', v_days
                )
                || case s.attribute
                    when 'customer_type' then jsonb_build_object(
                        'vip_orders', v_settings.vip_order_count,
                        'vip_spend', trim_scale(v_settings.vip_spend),
                        'inactive_from_days', v_settings.inactive_from_days
                    )
                    when 'lifecycle_stage' then jsonb_build_object(
                        'at_risk_from_days', v_settings.at_risk_from_days,
                        'churned_after_days', v_settings.churned_after_days
                    )
                    when 'priority_level' then jsonb_build_object(
                        'hot_within_days', v_settings.hot_within_days,
                        'warm_within_days', v_settings.warm_within_days
                    )
                    when 'risk_level' then jsonb_build_object(
                        'low_after_days', v_settings.dropoff_low_after_days,
                        'after_days', trustcart_private.dropoff_threshold_of(v_days, v_settings)
                    )
                    when 'loyalty_tier' then (
                        select
                            jsonb_build_object(
                                'tier_spend', trim_scale(max(t.min_spend) filter (where t.tier = s.value)),
                                'next_spend',
                                trim_scale(min(t.min_spend) filter (where t.min_spend > v_orders.total_spend)),
                                'next_tier', (
                                    select x.tier
                                    from trustcart.loyalty_tiers as x
                                    where x.min_spend > v_orders.total_spend
                                    order by x.min_spend
                                    limit 1
                                )
                            )
                        from trustcart.loyalty_tiers as t
                    )
                    else (
                        select
                            jsonb_build_object(
                                'customer_type', b.customer_type,
                                'lifecycle_stage', b.lifecycle_stage
                            )
                        from labels as b
                    )
                end
            ) as figures
        from spans as s
    )

    select
        r.attribute,
        r.value,
        r.code,
        r.figures,
        case r.code
            when 'no_order' then 'There is no order that counts.'
            when 'type_new'
                then format('%s: repeat from the second, vip from %s taka.', v_bought, r.figures ->> 'vip_spend')
            when 'type_repeat' then format(
                '%s: more than one, vip from %s orders or %s taka.',
                v_bought, r.figures ->> 'vip_orders', r.figures ->> 'vip_spend'
            )
            when 'type_vip' then format(
                '%s: vip from %s orders or %s taka.', v_bought, r.figures ->> 'vip_orders', r.figures ->> 'vip_spend'
            )
            when 'type_inactive'
                then format('%s: inactive from %s days.', v_last, r.figures ->> 'inactive_from_days')
            when 'lifecycle_stage_new'
                then format('%s, and is the only one: at risk from %s days.', v_last, v_settings.at_risk_from_days)
            when 'lifecycle_stage_active'
                then format('%s: at risk from %s days.', v_last, r.figures ->> 'at_risk_from_days')
            when 'lifecycle_stage_at_risk' then format(
                '%s: at risk from %s days, churned after %s.',
                v_last, r.figures ->> 'at_risk_from_days', r.figures ->> 'churned_after_days'
            )
            when 'lifecycle_stage_churned'
                then format('%s: churned after %s days.', v_last, r.figures ->> 'churned_after_days')
            when 'priority_level_hot' then format('%s: hot up to %s days.', v_last, r.figures ->> 'hot_within_days')
            when 'priority_level_warm' then format('%s: warm up to %s days.', v_last, r.figures ->> 'warm_within_days')
            when 'priority_level_cold' then format('%s: cold after %s days.', v_last, r.figures ->> 'warm_within_days')
            when 'risk_level' then format(
                '%s: %s.', v_last, trustcart_private.dropoff_reason_of((r.figures ->> 'after_days')::integer)
            )
            when 'no_risk' then format('%s: a dropoff begins after %s days.', v_last, r.figures ->> 'low_after_days')
            when 'loyalty_tier' then format('%s: %s from %s taka.', v_bought, r.value, r.figures ->> 'tier_spend')
            when 'no_tier' then coalesce(
                format('%s: ', v_bought) || (r.figures ->> 'next_tier') || ' from ' || (r.figures ->> 'next_spend')
                || ' taka.',
                'There are no tiers.'
            )
            when 'because_vip' then 'The type is vip.'
            when 'because_at_risk' then 'The stage is at_risk.'
            when 'because_new' then 'The type is new.'
            else 'Neither the type nor the stage asks for more.'
        end,
        r.since,
        r.until,
        r.next_value
    from reasons as r
    order by r.place;
end;
$$;
comment on function trustcart.explain_customer(bigint, date) is
'Why a customer is called what they are as of a date, past or future, a row a classification: customer_type,
lifecycle_stage, priority_level (temperature), risk_level, loyalty_tier, call_priority, recommended_action. value is
what customer_state() and customer_intelligence say; why one sentence with the facts and the thresholds of settings;
code and figures the same for who says it in another language: no_order, type_*, lifecycle_stage_*, priority_level_*,
risk_level, no_risk, loyalty_tier, no_tier, because_vip, because_at_risk, because_new, because_none. since: the first
day of this label, null from the beginning; until: the first day of another one, next_value, as things are, null when
none is in sight. Amounts in taka. TC001 date, TC003 without a customer, TC004 when there is none, TC403 not an
agent''s customer.';

create or replace function trustcart_private.campaign_occurrences(
    p_campaign trustcart.marketing_campaigns, p_at timestamptz, p_as_of date
)
returns table (customer_id bigint, occurrence text, facts jsonb)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
    v_settings trustcart.settings;
    v_since date;
begin
    select s.* into v_settings from trustcart.settings as s;
    v_since := coalesce(p_campaign.start_date, (p_campaign.created_at at time zone v_settings.time_zone)::date);
    case p_campaign.trigger_event
        when 'birthday' then
            return query
            select
                e.customer_id,
                concat_ws(' ', e.event_type, e.event_date, e.family_member_id),
                jsonb_strip_nulls(jsonb_build_object(
                    'event_name', e.name,
                    'event_date', e.event_date,
                    'family_member_id', e.family_member_id
                ))
            from trustcart.upcoming_events(coalesce(p_campaign.notice_days, 7), p_as_of) as e
            where e.event_type in ('birthday', 'family_birthday');
        when 'at_risk' then
            return query
            select
                c.id,
                'at_risk ' || c.last_order_date,
                jsonb_build_object('event_date', max(h.business_date))
            from trustcart.customers as c
            inner join trustcart.customer_state_changes as h on c.id = h.customer_id
            where
                c.lifecycle_stage = 'at_risk'
                and c.is_active
                and h.attribute = 'lifecycle_stage'
                and h.to_value = 'at_risk'
                and h.business_date > c.last_order_date
                and h.business_date >= v_since
                and h.business_date <= p_as_of
            group by c.id, c.last_order_date;
        when 'cart_abandoned' then
            return query
            select
                k.customer_id,
                'cart ' || k.id,
                jsonb_strip_nulls(jsonb_build_object(
                    'event_date', (k.abandoned_at at time zone v_settings.time_zone)::date,
                    'cart_total', k.total_amount
                ))
            from trustcart.carts as k
            where
                k.abandoned_at >= v_since::timestamp at time zone v_settings.time_zone
                and k.abandoned_at <= p_at
                and k.order_id is null
                and k.recovered_on is null
                -- An order of today, which the daily job has not seen.
                and not exists (
                    select
                    from trustcart.sales_orders as o
                    inner join trustcart.order_statuses as s on o.status = s.status and s.counts
                    where
                        o.customer_id = k.customer_id
                        and o.order_date >= (k.abandoned_at at time zone v_settings.time_zone)::date
                );
        else
            return query
            select
                null::bigint,
                ''::text,
                null::jsonb
            where false;
    end case;
end;
$$;
comment on function trustcart_private.campaign_occurrences(trustcart.marketing_campaigns, timestamptz, date) is
'The events a campaign with a trigger event writes about on a date, whoever they happen to: birthdays of customers and
their families within notice_days (7 unless given); customers at risk whose stage became so on or after the campaign''s
start_date, else the day it was made, once in each silence; carts abandoned since and not recovered, once each.
occurrence names the event for good; facts are the values of its template variables.';

-- requires: attributions_of, attribute_orders, lock_customers

create or replace function trustcart.reattribute_campaign(p_campaign_id bigint)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_code text;
    v_ids bigint[];
begin
    if p_campaign_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'campaign_id is required',
            hint = 'Give the id of the campaign.';
    end if;
    select k.discount_code into v_code from trustcart.marketing_campaigns as k where k.id = p_campaign_id;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no campaign %s', p_campaign_id),
            hint = 'Take the id from trustcart.marketing_campaigns.';
    end if;
    v_ids := array(
        select a.order_id
        from trustcart.order_attributions as a
        where a.campaign_id = p_campaign_id
        union
        select o.id
        from trustcart.sales_orders as o
        where lower(btrim(o.coupon_code)) = lower(v_code)
        union
        select o.id
        from trustcart.campaign_messages as m
        cross join trustcart.settings as s
        inner join trustcart.sales_orders as o
            on
                m.customer_id = o.customer_id
                and o.order_date >= (m.sent_at at time zone s.time_zone)::date
                and o.order_date <= (m.sent_at at time zone s.time_zone)::date + 366
        where m.campaign_id = p_campaign_id and m.sent_at is not null
    );
    perform trustcart_private.lock_customers(
        array(select distinct o.customer_id from trustcart.sales_orders as o where o.id = any(v_ids))
    );
    return trustcart_private.attribute_orders(v_ids);
end;
$$;
comment on function trustcart.reattribute_campaign(bigint) is
'After a campaign''s discount_code, start_date or attribution_days changed, or it was given a code that another has:
attributes the orders anew that followed from it or could have. Returns how many attributions changed. A new value holds for what happens from then on without this. TC003
without an id, TC004 no such campaign.';

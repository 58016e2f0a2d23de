-- The messages were counted as contacts.
do $$
begin
    if to_regclass('trustcart.campaign_messages') is not null then
        update trustcart_private.contact_days as d
        set contacts = greatest(d.contacts - m.contacts, 0)
        from (
            select
                x.customer_id,
                (x.sent_at at time zone s.time_zone)::date as contacted_on,
                x.channel,
                count(*) as contacts
            from trustcart.campaign_messages as x
            cross join trustcart.settings as s
            where x.sent_at is not null
            group by x.customer_id, 2, x.channel
        ) as m
        where d.customer_id = m.customer_id and d.contacted_on = m.contacted_on and d.channel = m.channel;
    end if;
end;
$$;
comment on table trustcart_private.contact_days is
'The days on which we contacted a customer, by channel: what cadences and the weekly cap count. Kept by triggers on the
outbound interactions and the call attempts.';
comment on column trustcart_private.contact_days.channel is 'call, whatsapp, sms, email or visit.';
delete from trustcart.job_runs
where job_name = 'send_due_campaigns';
delete from trustcart.job_schedules
where job_name = 'send_due_campaigns';
alter table trustcart.customer_engagement_history drop column if exists message_id;
drop table if exists trustcart.order_attributions;
alter table trustcart.sales_orders drop column if exists coupon_code;
drop table if exists trustcart.opt_out_words;
drop table if exists trustcart.campaign_receipts;
drop sequence if exists trustcart_private.delivery_worker_id;
drop table if exists trustcart.campaign_delivery_attempts;
drop table if exists trustcart.campaign_exclusions;
drop table if exists trustcart.campaign_messages;
drop table if exists trustcart.delivery_channels;
drop table if exists trustcart.campaign_variants;
drop table if exists trustcart.marketing_campaigns;
drop table if exists trustcart.segment_rules;
drop table if exists trustcart.segments;
drop table if exists trustcart.segment_attributes;
drop table if exists trustcart.template_variables;
alter table trustcart.settings drop column if exists public_url;
alter table trustcart.settings drop column if exists shop_name;
alter table trustcart.settings drop column if exists attribution_days;
alter table trustcart.settings drop column if exists marketing_quiet_days;
alter table trustcart.settings drop column if exists marketing_opt_in;
alter table trustcart.customer_behavior drop column if exists bought_categories;
drop index if exists trustcart.customer_consents_refused_idx;

-- requires: phones_are_mixed, readable_phone
-- requires: message_blocks, message_addresses, message_contacts, stable_fraction, campaign_occurrences

create or replace function trustcart_private.campaign_audience(
    p_campaign_id bigint, p_at timestamptz, p_as_of date
)
returns table (
    customer_id bigint,
    occurrence text,
    address text,
    variant text,
    reason text,
    detail text,
    facts jsonb
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- The planner cannot know how many rows the functions below return; it is the whole shop.
set enable_nestloop = off
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
declare
    v_campaign trustcart.marketing_campaigns;
    v_settings trustcart.settings;
    v_ids bigint[];
    v_holdout text;
    v_draw text;
    v_variants text[];
    v_bounds double precision[];
    v_is_mixed boolean := trustcart_private.phones_are_mixed();
begin
    select m.* into v_campaign from trustcart.marketing_campaigns as m where m.id = p_campaign_id;
    select s.* into v_settings from trustcart.settings as s;
    v_holdout := format('holdout:%s:', p_campaign_id);
    v_draw := format('variant:%s:', p_campaign_id);
    select
        array_agg(w.variant order by w.variant collate "C"),
        array_agg(w.until / w.whole order by w.variant collate "C")
    into v_variants, v_bounds
    from (
        select
            v.variant,
            sum(v.weight) over (order by v.variant collate "C")::double precision as until,
            sum(v.weight) over () as whole
        from trustcart.campaign_variants as v
        where v.campaign_id = p_campaign_id
    ) as w;
    if v_campaign.trigger_event is not null then
        v_ids := array(
            select distinct e.customer_id
            from trustcart_private.campaign_occurrences(v_campaign, p_at, p_as_of) as e
        );
    end if;

    return query
    with events as (
        -- Of an event campaign, what is due and not decided yet; a cap or a pause may be over by now.
        select
            e.customer_id,
            e.occurrence,
            e.facts
        from trustcart_private.campaign_occurrences(v_campaign, p_at, p_as_of) as e
        where
            v_campaign.trigger_event is not null
            and not exists (
                select from trustcart.campaign_messages as m
                where m.campaign_id = p_campaign_id and m.customer_id = e.customer_id and m.occurrence = e.occurrence
            )
            and not exists (
                select from trustcart.campaign_exclusions as x
                where
                    x.campaign_id = p_campaign_id and x.customer_id = e.customer_id and x.occurrence = e.occurrence
                    and x.reason not in ('cap', 'quiet_period')
            )
    ),

    people as (
        select
            s.customer_id,
            coalesce(e.occurrence, '') as occurrence,
            e.facts
        from trustcart.segment_customers(v_campaign.target_segment, p_as_of) as s (customer_id)
        left join events as e on s.customer_id = e.customer_id
        where v_campaign.trigger_event is null or e.customer_id is not null
    ),

    known as (
        select
            p.customer_id,
            p.occurrence,
            p.facts,
            c.total_spend,
            a.address,
            b.reason,
            b.detail,
            coalesce(b.reason <> 'no_consent', true) and a.address is not null as is_reachable
        from people as p
        inner join trustcart.customers as c on p.customer_id = c.id
        left join trustcart_private.message_addresses(v_campaign.campaign_type, v_ids) as a
            on p.customer_id = a.customer_id
        left join trustcart_private.message_blocks(v_campaign.campaign_type, p_at, v_ids) as b
            on p.customer_id = b.customer_id
    ),

    placed as (
        select
            k.customer_id,
            k.occurrence,
            k.facts,
            k.address,
            k.reason,
            k.detail,
            k.is_reachable,
            -- Who of an address gets the message: the best customer of those it may go to.
            case when k.is_reachable then first_value(k.customer_id) over (
                partition by k.is_reachable, k.address, k.occurrence order by k.total_spend desc, k.customer_id asc
            ) end as keeper_id
        from known as k
    ),

    judged as (
        select
            p.customer_id,
            p.occurrence,
            p.facts,
            p.address,
            case
                when p.reason = 'no_consent' then 'no_consent'
                when p.address is null then 'no_address'
                when p.keeper_id <> p.customer_id or t.customer_id is not null then 'duplicate_address'
                when p.reason is not null then p.reason
                when
                    v_campaign.holdout_percentage > 0
                    and trustcart_private.stable_fraction(v_holdout || p.customer_id)
                    < v_campaign.holdout_percentage / 100
                    then 'holdout'
            end as reason,
            case
                when p.reason = 'no_consent' then p.detail
                when p.address is null then 'no address for ' || v_campaign.campaign_type
                when p.keeper_id <> p.customer_id then 'the address goes to customer ' || p.keeper_id
                when t.customer_id is not null then 'the address went to customer ' || t.customer_id
                when p.reason is not null then p.detail
            end as detail
        from placed as p
        left join trustcart.campaign_messages as t
            on
                v_campaign.trigger_event is not null
                and t.campaign_id = p_campaign_id
                and p.address = case
                    when v_is_mixed and t.channel in ('sms', 'whatsapp') then trustcart_private.readable_phone(t.address)
                    else t.address
                end
                and p.occurrence = t.occurrence
    ),

    -- Several events of one customer on a day: each takes a place of what the cap leaves.
    ranked as (
        select
            j.customer_id,
            j.occurrence,
            j.facts,
            j.address,
            j.reason,
            j.detail,
            case when v_campaign.trigger_event is not null and j.reason is null then
                row_number() over (partition by j.customer_id, j.reason order by j.facts ->> 'event_date', j.occurrence)
            end as place,
            k.contacts
        from judged as j
        left join (
            select
                c.customer_id,
                c.contacts
            from trustcart_private.message_contacts(p_at, v_ids) as c
            where v_campaign.trigger_event is not null
        ) as k on j.customer_id = k.customer_id
    )

    select
        r.customer_id,
        r.occurrence,
        r.address,
        case when f.reason is null and v_variants is not null then
            v_variants[
                1 + width_bucket(trustcart_private.stable_fraction(v_draw || r.customer_id), v_bounds)
            ]
        end,
        f.reason,
        case
            when r.reason is not null or f.reason is null then r.detail
            when f.reason = 'cap' then coalesce(r.contacts, 0) + r.place - 1 || ' contacts in seven days'
            else 'another message of this campaign'
        end,
        r.facts
    from ranked as r
    cross join lateral (
        select
            case
                when r.reason is not null then r.reason
                when r.place > 1 and v_settings.marketing_quiet_days > 0 then 'quiet_period'
                when coalesce(r.contacts, 0) + r.place > v_settings.contacts_per_week then 'cap'
            end as reason
    ) as f;
end;
$$;
comment on function trustcart_private.campaign_audience(bigint, timestamptz, date) is
'Everybody of a campaign''s segment (and occurrence, where it has a trigger event and the event is due and not decided
yet), with address and variant, or with the first reason to leave them out of no_consent, no_address,
duplicate_address, quiet_period, cap, holdout. The one query behind preview_campaign() and send_campaign(). Of those
who share an address, the one with the highest total_spend, then the lowest id, keeps it, among those who have consent.
An event left out by cap or quiet_period comes again while it is due.';

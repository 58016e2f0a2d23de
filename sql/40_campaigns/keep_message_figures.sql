-- requires: mark_recovery, move_contact_days, lock_provider_ids, attribute_orders, apply_receipts, recompute_recovery

create or replace function trustcart_private.keep_message_figures()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
-- Whoever writes the messages may have turned off what a join of transition tables needs.
set enable_hashjoin = on
set enable_seqscan = on
set enable_nestloop = on
set jit = off
as $$
declare
    -- Sent messages as they are now (added 1) and as they were (added -1), where anything here depends on them.
    v_ids bigint[];
    v_campaign_ids bigint[];
    v_customer_ids bigint[];
    v_channels text[];
    v_instants timestamptz[];
    v_bounced boolean[];
    v_responded boolean[];
    v_added bigint[];
    v_named bigint[];
    v_provider_ids text[];
    v_orders bigint[];
    v_receipts bigint[];
    v_counted bigint[];
begin
    if tg_op = 'INSERT' then
        select
            array_agg(n.id),
            array_agg(n.campaign_id),
            array_agg(n.customer_id),
            array_agg(n.channel),
            array_agg(n.sent_at),
            array_agg(n.bounced_at is not null),
            array_agg(n.responded_at is not null),
            array_agg(1)
        into v_ids, v_campaign_ids, v_customer_ids, v_channels, v_instants, v_bounced, v_responded, v_added
        from new_rows as n
        where n.sent_at is not null;
        select array_agg(n.id), array_agg(n.provider_message_id) into v_named, v_provider_ids
        from new_rows as n
        where n.provider_message_id is not null;
    elsif tg_op = 'DELETE' then
        select
            array_agg(o.id),
            array_agg(o.campaign_id),
            array_agg(o.customer_id),
            array_agg(o.channel),
            array_agg(o.sent_at),
            array_agg(o.bounced_at is not null),
            array_agg(o.responded_at is not null),
            array_agg(-1)
        into v_ids, v_campaign_ids, v_customer_ids, v_channels, v_instants, v_bounced, v_responded, v_added
        from old_rows as o
        where o.sent_at is not null;
    elsif tg_op = 'UPDATE' then
        select
            array_agg(x.id) filter (where x.sent_at is not null),
            array_agg(x.campaign_id) filter (where x.sent_at is not null),
            array_agg(x.customer_id) filter (where x.sent_at is not null),
            array_agg(x.channel) filter (where x.sent_at is not null),
            array_agg(x.sent_at) filter (where x.sent_at is not null),
            array_agg(x.is_bounced) filter (where x.sent_at is not null),
            array_agg(x.is_responded) filter (where x.sent_at is not null),
            array_agg(x.added) filter (where x.sent_at is not null),
            array_agg(x.id) filter (where x.is_named),
            array_agg(x.provider_message_id) filter (where x.is_named)
        into
            v_ids, v_campaign_ids, v_customer_ids, v_channels, v_instants, v_bounced, v_responded, v_added,
            v_named, v_provider_ids
        from new_rows as n
        full join old_rows as o on n.id = o.id
        cross join lateral (
            values
            (
                n.id, n.campaign_id, n.customer_id, n.channel, n.sent_at, n.bounced_at is not null,
                n.responded_at is not null, 1, n.provider_message_id,
                n.provider_message_id is not null
                and n.provider_message_id is distinct from o.provider_message_id
            ),
            (
                o.id, o.campaign_id, o.customer_id, o.channel, o.sent_at, o.bounced_at is not null,
                o.responded_at is not null, -1, null, false
            )
        ) as x (
            id, campaign_id, customer_id, channel, sent_at, is_bounced, is_responded, added, provider_message_id, is_named
        )
        where
            (n.sent_at is not null or o.sent_at is not null or n.provider_message_id is not null)
            and (
                n.campaign_id, n.customer_id, n.channel, n.sent_at, n.bounced_at is null, n.responded_at is null,
                n.provider_message_id
            ) is distinct from (
                o.campaign_id, o.customer_id, o.channel, o.sent_at, o.bounced_at is null, o.responded_at is null,
                o.provider_message_id
            );
    else
        -- With the table those go that refer to it: messages, receipts, attributions, engagements.
        update trustcart.marketing_campaigns as k
        set sent_count = 0, response_count = 0
        where k.sent_count <> 0 or k.response_count <> 0;
        perform trustcart_private.attribute_orders(
            array(select o.id from trustcart.sales_orders as o where o.coupon_code is not null)
        );
        return null;
    end if;

    if v_provider_ids is not null then
        perform trustcart_private.lock_provider_ids(v_provider_ids, true);
    end if;
    if v_ids is not null then
        -- Locks the customers, for what follows as well.
        perform trustcart_private.move_contact_days(v_customer_ids, v_instants, v_channels, v_added);

        if -1 = any(v_added) then
            delete from trustcart.customer_engagement_history as e
            where
                e.message_id in (
                    select x.id
                    from unnest(v_ids, v_added) as x (id, added)
                    group by x.id
                    having sum(x.added) < 0
                );
            perform trustcart_private.recompute_recovery(x.customer_id, x.sent_at)
            from (
                select
                    y.customer_id,
                    y.sent_at
                from unnest(v_customer_ids, v_instants, v_added) as y (customer_id, sent_at, added)
                group by y.customer_id, y.sent_at
                having sum(y.added) < 0
                order by y.customer_id, y.sent_at
            ) as x;
        end if;

        insert into trustcart.customer_engagement_history as e (
            customer_id, engagement_type, channel, content, created_at, message_id
        )
        select
            x.customer_id,
            case
                when k.trigger_event = 'birthday' then 'birthday_message'
                when k.discount_code is not null then 'offer_sent'
                else 'message'
            end as engagement_type,
            x.channel,
            k.campaign_name,
            x.sent_at,
            x.id
        from (
            select
                y.id,
                y.campaign_id,
                y.customer_id,
                y.channel,
                y.sent_at
            from unnest(v_ids, v_campaign_ids, v_customer_ids, v_channels, v_instants, v_added) as y (
                id, campaign_id, customer_id, channel, sent_at, added
            )
            group by y.id, y.campaign_id, y.customer_id, y.channel, y.sent_at
            having sum(y.added) > 0
        ) as x
        inner join trustcart.marketing_campaigns as k on x.campaign_id = k.id
        order by x.customer_id, x.id
        on conflict (message_id) where message_id is not null do update
        set
            customer_id = excluded.customer_id,
            engagement_type = excluded.engagement_type,
            channel = excluded.channel,
            content = excluded.content,
            created_at = excluded.created_at;

        perform trustcart_private.mark_recovery(array_agg(w.customer_id), array_agg(w.sent_on))
        from (
            select
                x.customer_id,
                (x.sent_at at time zone s.time_zone)::date as sent_on
            from unnest(v_customer_ids, v_instants, v_added) as x (customer_id, sent_at, added)
            cross join trustcart.settings as s
            group by x.customer_id, x.sent_at, s.time_zone
            having sum(x.added) > 0
        ) as w
        having count(*) > 0;

        -- Orders from the day of the message on: those it takes to itself, and those it gives back.
        select array_agg(distinct o.id) into v_orders
        from (
            select
                y.customer_id,
                (min(y.sent_at) at time zone s.time_zone)::date as sent_on
            from unnest(v_campaign_ids, v_customer_ids, v_instants, v_bounced, v_added) as y (
                campaign_id, customer_id, sent_at, is_bounced, added
            )
            cross join trustcart.settings as s
            group by y.customer_id, y.campaign_id, y.sent_at, y.is_bounced, s.time_zone
            having sum(y.added) <> 0
        ) as x
        inner join trustcart.sales_orders as o on x.customer_id = o.customer_id and o.order_date >= x.sent_on;
        if v_orders is not null then
            perform trustcart_private.attribute_orders(v_orders);
        end if;
    end if;

    if v_provider_ids is not null then
        select array_agg(r.id) into v_receipts
        from unnest(v_provider_ids) as n (provider_message_id)
        inner join trustcart.campaign_receipts as r
            on
                n.provider_message_id = r.provider_message_id
                and r.message_id is null;
        if v_receipts is not null then
            perform trustcart_private.apply_receipts(v_receipts);
        end if;
    end if;

    -- Last, since all who send of a campaign meet here.
    if v_ids is not null then
        select array_agg(x.campaign_id order by x.campaign_id) into v_counted
        from (
            select y.campaign_id
            from unnest(v_campaign_ids, v_responded, v_added) as y (campaign_id, is_responded, added)
            group by y.campaign_id
            having sum(y.added) <> 0 or sum(y.added) filter (where y.is_responded) <> 0
        ) as x;
        if cardinality(v_counted) > 1 then
            perform k.id
            from trustcart.marketing_campaigns as k
            where k.id = any(v_counted)
            order by k.id
            for no key update;
        end if;
        update trustcart.marketing_campaigns as k
        set
            sent_count = k.sent_count + x.sent,
            response_count = k.response_count + x.responded
        from (
            select
                y.campaign_id,
                sum(y.added) as sent,
                coalesce(sum(y.added) filter (where y.is_responded), 0) as responded
            from unnest(v_campaign_ids, v_responded, v_added) as y (campaign_id, is_responded, added)
            group by y.campaign_id
        ) as x
        where k.id = x.campaign_id and (x.sent <> 0 or x.responded <> 0);
    end if;
    return null;
end;
$$;
comment on function trustcart_private.keep_message_figures() is
'Trigger of campaign_messages, statement-level: keeps what follows from a message that was sent, moved or taken back. In
this order: contact_days (which locks the customers; whoever writes messages has done so before), the engagement, the
dropoff episode, attributions, receipts that waited for the provider''s id, and last sent_count and response_count.';

-- requires: lock_customers, change_consent

create or replace function trustcart_private.apply_receipts(p_receipt_ids bigint[])
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_message_ids bigint[];
    v_now timestamptz := clock_timestamp();
    v_gone record;
begin
    -- Those that waited: their message is known by now. A provider that uses an id again means the later message.
    update trustcart.campaign_receipts as r
    set
        message_id = (
            select m.id
            from trustcart.campaign_messages as m
            where m.provider_message_id = r.provider_message_id and m.channel = r.channel
            order by m.id desc
            limit 1
        )
    where
        r.id = any(p_receipt_ids)
        and r.message_id is null
        and exists (
            select
            from trustcart.campaign_messages as m
            where m.provider_message_id = r.provider_message_id and m.channel = r.channel
        );
    v_message_ids := array(
        select distinct r.message_id
        from trustcart.campaign_receipts as r
        where r.id = any(p_receipt_ids) and r.message_id is not null
    );
    if v_message_ids = '{}' then
        return;
    end if;
    perform trustcart_private.lock_customers(
        array(select m.customer_id from trustcart.campaign_messages as m where m.id = any(v_message_ids))
    );
    perform m.id
    from trustcart.campaign_messages as m
    where m.id = any(v_message_ids)
    order by m.id
    for no key update;

    -- A message never sent has no use for an attempt that may be open still.
    update trustcart.campaign_delivery_attempts as a
    set
        outcome = 'accepted',
        finished_at = coalesce(a.finished_at, v_now),
        provider_status = coalesce(a.provider_status, 'receipt'),
        error = null
    from trustcart.campaign_messages as m
    where
        m.id = any(v_message_ids)
        and m.status <> 'sent'
        and a.message_id = m.id
        and a.attempt = m.attempts
        and (a.outcome is null or a.outcome = 'unknown');

    update trustcart.campaign_messages as m
    set
        status = 'sent',
        sent_at = least(m.sent_at, x.first_at),
        delivered_at = least(m.delivered_at, x.delivered_at),
        opened_at = least(m.opened_at, x.opened_at),
        responded_at = least(m.responded_at, x.responded_at),
        bounced_at = least(m.bounced_at, x.bounced_at),
        unsubscribed_at = least(m.unsubscribed_at, x.unsubscribed_at),
        provider_message_id = coalesce(m.provider_message_id, x.provider_message_id),
        claimed_by = null,
        claimed_at = null,
        closed_at = null,
        close_reason = null
    from (
        select
            r.message_id,
            min(r.happened_at) as first_at,
            min(r.happened_at) filter (where r.kind = 'delivered') as delivered_at,
            min(r.happened_at) filter (where r.kind = 'opened') as opened_at,
            min(r.happened_at) filter (where r.kind in ('responded', 'inbound')) as responded_at,
            min(r.happened_at) filter (where r.kind in ('bounced', 'failed')) as bounced_at,
            min(r.happened_at) filter (where r.kind = 'unsubscribed') as unsubscribed_at,
            max(r.provider_message_id) as provider_message_id
        from (
            -- Whatever the provider's clock says: not before it was queued, and not later than we were told.
            select
                y.message_id,
                y.kind,
                y.provider_message_id,
                greatest(n.queued_at, least(y.occurred_at, y.received_at)) as happened_at
            from trustcart.campaign_receipts as y
            inner join trustcart.campaign_messages as n on y.message_id = n.id
            where y.id = any(p_receipt_ids)
        ) as r
        group by r.message_id
    ) as x
    where m.id = x.message_id;

    for v_gone in
        select
            m.customer_id,
            m.channel,
            min(least(r.occurred_at, r.received_at)) as withdrawn_at
        from trustcart.campaign_receipts as r
        inner join trustcart.campaign_messages as m on r.message_id = m.id
        where r.id = any(p_receipt_ids) and r.kind = 'unsubscribed'
        group by m.customer_id, m.channel
        order by m.customer_id, m.channel
    loop
        perform trustcart_private.change_consent(
            array[v_gone.customer_id], v_gone.channel, false, 'unsubscribe link', v_gone.withdrawn_at
        );
    end loop;
end;
$$;
comment on function trustcart_private.apply_receipts(bigint[]) is
'Writes what receipts say into their messages, whatever the order they come in: each instant is the earliest reported,
sent_at the earliest of all, for what came back was sent, also when its worker did not live to say so; the attempt that
nobody knew about was accepted then. Who unsubscribed withdraws the consent. Receipts whose message is not known are
left waiting.';

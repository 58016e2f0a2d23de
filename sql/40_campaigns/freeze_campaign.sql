-- requires: campaign_audience, campaign_not_before

create or replace function trustcart_private.freeze_campaign(p_campaign_id bigint, p_as_of date)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_campaign trustcart.marketing_campaigns;
    v_at timestamptz;
    v_not_before timestamptz;
    v_queued bigint;
    v_excluded bigint;
    v_exclusions jsonb;
begin
    -- One at a time, so that each counts what the others promised. Taken before the statement that reads.
    perform pg_advisory_xact_lock(hashtextextended('trustcart freeze of campaigns', 0));
    select m.* into v_campaign from trustcart.marketing_campaigns as m where m.id = p_campaign_id for no key update;
    perform trustcart_private.check_sendable(v_campaign, p_as_of);

    if v_campaign.frozen_at is not null and v_campaign.trigger_event is null then
        select count(*) into v_queued from trustcart.campaign_messages as m where m.campaign_id = p_campaign_id;
        return jsonb_build_object(
            'message', format('Campaign was already sent to %s customers', v_queued),
            'sent_count', 0,
            'failed_count', 0,
            'excluded_count', 0,
            'exclusions', jsonb_build_object(),
            'already_sent', v_queued,
            'campaign_id', p_campaign_id
        );
    end if;

    -- What was decided while we waited for the lock counts too.
    v_at := clock_timestamp();
    v_not_before := trustcart_private.campaign_not_before(v_campaign.start_date, v_at);
    with audience as materialized (
        select
            a.customer_id,
            a.occurrence,
            a.address,
            a.variant,
            a.reason,
            a.detail,
            a.facts
        from trustcart_private.campaign_audience(p_campaign_id, v_not_before, p_as_of) as a
    ),

    queued as (
        insert into trustcart.campaign_messages (
            campaign_id, customer_id, occurrence, channel, address, variant, facts, not_before, queued_at
        )
        select
            p_campaign_id,
            a.customer_id,
            a.occurrence,
            v_campaign.campaign_type,
            a.address,
            a.variant,
            a.facts,
            v_not_before,
            v_at
        from audience as a
        where a.reason is null
        order by a.customer_id, a.occurrence
    ),

    left_out as (
        insert into trustcart.campaign_exclusions as x (
            campaign_id, customer_id, occurrence, reason, detail, excluded_at
        )
        select
            p_campaign_id,
            a.customer_id,
            a.occurrence,
            a.reason,
            a.detail,
            v_at
        from audience as a
        where a.reason is not null
        order by a.customer_id, a.occurrence
        on conflict (campaign_id, customer_id, occurrence) do update
        set reason = excluded.reason, detail = excluded.detail, excluded_at = excluded.excluded_at
        where (x.reason, x.detail) is distinct from (excluded.reason, excluded.detail)
    ),

    -- Left out before, allowed now.
    overcome as (
        delete from trustcart.campaign_exclusions as x
        using audience as a
        where
            v_campaign.trigger_event is not null
            and x.campaign_id = p_campaign_id
            and x.customer_id = a.customer_id
            and x.occurrence = a.occurrence
            and a.reason is null
    )

    select
        coalesce(sum(r.n) filter (where r.reason is null), 0),
        coalesce(sum(r.n) filter (where r.reason is not null), 0),
        coalesce(jsonb_object_agg(r.reason, r.n) filter (where r.reason is not null), '{}')
    into v_queued, v_excluded, v_exclusions
    from (
        select
            a.reason,
            count(*) as n
        from audience as a
        group by a.reason
    ) as r;

    if v_campaign.frozen_at is null then
        perform set_config('trustcart.freezing', p_campaign_id::text, true);
        update trustcart.marketing_campaigns as m
        set frozen_at = v_at
        where m.id = p_campaign_id;
        perform set_config('trustcart.freezing', '', true);
    end if;
    if v_queued > 0 then
        perform pg_notify('trustcart_messages', v_campaign.campaign_type);
    end if;
    if v_queued > 0 or v_campaign.trigger_event is null then
        perform trustcart_private.emit_event(
            'campaign_sent',
            null,
            jsonb_build_object(
                'campaign_id', p_campaign_id,
                'campaign_name', v_campaign.campaign_name,
                'channel', v_campaign.campaign_type,
                'queued', v_queued,
                'excluded', v_excluded
            )
        );
    end if;
    return jsonb_build_object(
        'message', format('Campaign sent to %s customers', v_queued),
        'sent_count', v_queued,
        'failed_count', 0,
        'excluded_count', v_excluded,
        'exclusions', v_exclusions,
        'campaign_id', p_campaign_id
    );
end;
$$;
comment on function trustcart_private.freeze_campaign(bigint, date) is
'Writes a campaign''s audience down, as campaign_audience() has it now: a message queued, or an exclusion with its
reason, for each; for event campaigns those of the events due on p_as_of. Freezes wait for one another, so that the
weekly cap holds among campaigns; nobody else waits. See send_campaign().';

-- requires: campaign_audience, campaign_not_before, render_texts, sms_parts, masked_phone, check_sendable

create or replace function trustcart.preview_campaign(p_campaign_id bigint, p_limit integer default 10)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
set work_mem = '256MB'
as $$
declare
    v_campaign trustcart.marketing_campaigns;
    v_as_of date := trustcart.business_date();
    v_not_before timestamptz;
    v_problem text;
    v_remedy text;
    v_segment bigint;
    v_result jsonb;
    v_customer_ids bigint[];
    v_variants text[];
    v_facts jsonb[];
    v_addresses text[];
    v_occurrences text[];
    v_messages jsonb;
begin
    perform trustcart_private.require_campaign(p_campaign_id);
    if (p_limit >= 0) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('%s is not a number of messages', coalesce(p_limit::text, 'null')),
            hint = 'Give 0 for the counts alone, or more.';
    end if;
    select m.* into v_campaign from trustcart.marketing_campaigns as m where m.id = p_campaign_id;
    begin
        perform trustcart_private.check_sendable(v_campaign, v_as_of);
    exception when sqlstate 'TC110' then
        get stacked diagnostics v_problem = message_text, v_remedy = pg_exception_hint;
    end;
    if v_campaign.frozen_at is not null and v_campaign.trigger_event is null then
        v_problem := format('campaign %s was sent already', p_campaign_id);
        v_remedy := 'A second send adds nobody; campaign_messages has those it went to.';
    end if;
    v_not_before := trustcart_private.campaign_not_before(v_campaign.start_date, clock_timestamp());
    v_segment := trustcart.segment_count(v_campaign.target_segment, v_as_of);

    with audience as materialized (
        select
            a.customer_id,
            a.occurrence,
            a.address,
            a.variant,
            a.reason,
            a.facts
        from trustcart_private.campaign_audience(p_campaign_id, v_not_before, v_as_of) as a
    ),

    counts as (
        select
            a.reason,
            a.variant,
            count(*) as n
        from audience as a
        group by a.reason, a.variant
    ),

    first_ones as (
        select
            a.customer_id,
            a.occurrence,
            a.address,
            a.variant,
            a.facts
        from audience as a
        where a.reason is null
        order by a.customer_id, a.occurrence
        limit p_limit
    )

    select
        jsonb_build_object(
            'campaign_id', p_campaign_id,
            'campaign_name', v_campaign.campaign_name,
            'campaign_type', v_campaign.campaign_type,
            'target_segment', v_campaign.target_segment,
            'segment_count', v_segment,
            'sent_count', coalesce((select sum(c.n) from counts as c where c.reason is null), 0),
            'excluded_count', coalesce((select sum(c.n) from counts as c where c.reason is not null), 0),
            'exclusions', coalesce(
                (
                    select jsonb_object_agg(r.reason, r.n)
                    from (
                        select
                            c.reason,
                            sum(c.n) as n
                        from counts as c
                        where c.reason is not null
                        group by c.reason
                    ) as r
                ),
                '{}'
            ),
            'variants', coalesce(
                (
                    select jsonb_object_agg(c.variant, c.n)
                    from counts as c
                    where c.reason is null and c.variant is not null
                ),
                '{}'
            ),
            'not_before', to_char(v_not_before at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'problem', v_problem,
            'hint', v_remedy
        ),
        (select array_agg(f.customer_id order by f.customer_id, f.occurrence) from first_ones as f),
        (select array_agg(f.variant order by f.customer_id, f.occurrence) from first_ones as f),
        (select array_agg(f.facts order by f.customer_id, f.occurrence) from first_ones as f),
        (select array_agg(f.address order by f.customer_id, f.occurrence) from first_ones as f),
        (select array_agg(f.occurrence order by f.customer_id, f.occurrence) from first_ones as f)
    into v_result, v_customer_ids, v_variants, v_facts, v_addresses, v_occurrences;

    select
        jsonb_agg(
            jsonb_build_object(
                'customer_id', v_customer_ids[t.place],
                'address', trustcart_private.masked_phone(v_addresses[t.place]),
                'occurrence', nullif(v_occurrences[t.place], ''),
                'variant', v_variants[t.place],
                'subject', t.subject,
                'body', t.body,
                'encoding', s.encoding,
                'length', s.length,
                'parts', s.parts
            )
            order by t.place
        )
    into v_messages
    from trustcart_private.render_texts(
        array_fill(p_campaign_id, array[coalesce(cardinality(v_customer_ids), 0)]),
        v_variants,
        v_customer_ids,
        v_facts,
        array_fill('…'::text, array[coalesce(cardinality(v_customer_ids), 0)]),
        v_as_of
    ) as t
    left join lateral trustcart_private.sms_parts(t.body) as s on v_campaign.campaign_type = 'sms';
    return v_result || jsonb_build_object('messages', coalesce(v_messages, '[]'));
end;
$$;
comment on function trustcart.preview_campaign(bigint, integer) is
'What send_campaign() would do now, by the same query; writes nothing. Returns {"campaign_id", "campaign_name",
"campaign_type", "target_segment", "segment_count", "sent_count", "excluded_count", "exclusions": {reason: number,
holdout among them}, "variants": {variant: number}, "not_before", "problem" and "hint" (why it cannot be sent, else
null), "messages"}; messages are the first p_limit as they would read today, with the address masked, and for SMS
encoding, length and parts. TC003 without an id, TC004 unknown, TC005 p_limit.';

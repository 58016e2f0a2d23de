-- requires: write_campaign, template_error, check_sendable, segment_condition, campaign_occurrences, render_texts
-- requires: sms_parts

create or replace function trustcart_api.page_automation_draft(
    p_campaign_name text default null,
    p_campaign_type text default null,
    p_target_segment text default null,
    p_message_template text default null,
    p_discount_code text default null,
    p_start_date text default null,
    p_end_date text default null,
    p_subject text default null,
    p_is_scheduled boolean default null,
    p_trigger_event text default null,
    p_notice_days integer default null,
    p_holdout_percentage numeric default null,
    p_attribution_days integer default null,
    p_variants jsonb default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_as_of date := trustcart.business_date();
    -- Below 0, so no campaign has it, and of this transaction, so no two drafts meet.
    v_id bigint := -(pg_current_xact_id()::text::bigint);
    v_campaign trustcart.marketing_campaigns;
    v_problem jsonb;
    v_faults jsonb;
    v_condition text;
    v_variants text[];
    v_customer_ids bigint[];
    v_occurrences text[];
    v_facts jsonb[];
    v_chosen text[];
    v_messages jsonb := '[]'::jsonb;
    v_sqlstate text;
    v_message text;
    v_remedy text;
    v_field text;
begin
    -- What is wrong with each text, all at once, and where: saving tells the first alone.
    select coalesce(jsonb_agg(
        jsonb_build_object(
            'field', f.field,
            'message', f.fault,
            'position', f.at,
            'before', right(substr(f.template, 1, f.at - 1), 30),
            'wrong', w.wrong,
            'after', substr(f.template, f.at + length(w.wrong), 30)
        )
        order by f.place
    ), '[]')
    into v_faults
    from (
        select
            x.place,
            x.field,
            x.template,
            e.fault,
            substring(e.fault from ' at position ([0-9]+)')::integer as at
        from (
            select
                0 as place,
                'messageTemplate' as field,
                p_message_template as template
            union all
            select
                1,
                'subject',
                p_subject
            union all
            select
                2 * v.place + k.place,
                format('variant %s, %s', coalesce(v.variant ->> 'variant', v.place::text), k.field),
                v.variant ->> k.field
            from jsonb_array_elements(
                case when jsonb_typeof(p_variants) = 'array' then p_variants else '[]' end
            ) with ordinality as v (variant, place)
            cross join (values (0, 'message_template'), (1, 'subject')) as k (place, field)
        ) as x
        cross join lateral (
            select trustcart_private.template_error(
                x.template, nullif(btrim(p_trigger_event), '') is not null
            ) as fault
        ) as e
        where e.fault is not null
    ) as f
    cross join lateral (
        select
            coalesce(
                substring(substr(f.template, f.at) from '^\{\{[^{}]*\}\}'), substr(f.template, f.at, 20)
            ) as wrong
    ) as w;

    if v_faults = '[]' then
        -- Tried out as it would be saved and sent, and undone: no rule is written a second time for drafts.
        begin
            perform trustcart_private.write_campaign(
                v_id,
                coalesce(nullif(btrim(p_campaign_name), ''), '…'),
                p_campaign_type,
                p_target_segment,
                coalesce(nullif(btrim(p_message_template), ''), '…'),
                p_discount_code,
                p_start_date,
                p_end_date,
                p_subject,
                p_is_scheduled,
                p_trigger_event,
                p_notice_days,
                p_holdout_percentage,
                p_attribution_days,
                p_variants,
                null
            );
            select m.* into v_campaign from trustcart.marketing_campaigns as m where m.id = v_id;
            v_condition := trustcart_private.segment_condition(v_campaign.target_segment, v_as_of);
            v_variants := array(
                select v.variant from trustcart.campaign_variants as v where v.campaign_id = v_id order by v.variant
            );
            if v_campaign.trigger_event is null then
                execute format(
                    'select array_agg(x.id order by x.id), array_fill(null::text, array[count(*)::integer]),'
                    ' array_fill(null::jsonb, array[count(*)::integer])'
                    ' from (select c.id from trustcart.customers as c where %s order by c.id limit 3) as x',
                    v_condition
                )
                into v_customer_ids, v_occurrences, v_facts;
            else
                execute format(
                    'select array_agg(x.customer_id order by x.customer_id, x.occurrence),'
                    ' array_agg(x.occurrence order by x.customer_id, x.occurrence),'
                    ' array_agg(x.facts order by x.customer_id, x.occurrence)'
                    ' from (select e.* from trustcart_private.campaign_occurrences($1, $2, $3) as e'
                    ' inner join trustcart.customers as c on e.customer_id = c.id where %s'
                    ' order by e.customer_id, e.occurrence limit 3) as x',
                    v_condition
                )
                into v_customer_ids, v_occurrences, v_facts
                using v_campaign, clock_timestamp(), v_as_of;
            end if;
            -- Each variant is shown, whichever the draw will give to whom.
            v_chosen := array(
                select v_variants[1 + (g.n - 1) % greatest(cardinality(v_variants), 1)]
                from generate_series(1, coalesce(cardinality(v_customer_ids), 0)) as g (n)
                order by g.n
            );
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'customer_id', v_customer_ids[t.place],
                            'occurrence', nullif(v_occurrences[t.place], ''),
                            'variant', v_chosen[t.place],
                            'subject', t.subject,
                            'body', t.body,
                            'encoding', s.encoding,
                            'length', s.length,
                            'parts', s.parts
                        )
                        order by t.place
                    ),
                    '[]'
                )
            into v_messages
            from trustcart_private.render_texts(
                array_fill(v_id, array[coalesce(cardinality(v_customer_ids), 0)]),
                v_chosen,
                v_customer_ids,
                v_facts,
                array_fill('…'::text, array[coalesce(cardinality(v_customer_ids), 0)]),
                v_as_of
            ) as t
            left join lateral trustcart_private.sms_parts(t.body) as s on v_campaign.campaign_type = 'sms';
            perform trustcart_private.check_sendable(v_campaign, v_as_of);
            raise exception using errcode = 'TC000';
        exception when others then
            get stacked diagnostics
                v_sqlstate = returned_sqlstate, v_message = message_text, v_remedy = pg_exception_hint,
                v_field = column_name;
            if v_sqlstate not like 'TC%' then
                raise;
            elsif v_sqlstate <> 'TC000' then
                -- That it cannot be sent yet is about a campaign that can be saved; its number is not to be seen.
                v_problem := jsonb_build_object(
                    'code', v_sqlstate,
                    'message', regexp_replace(v_message, '^campaign -[0-9]+ \(.*\) ', ''),
                    'hint', v_remedy,
                    'field', nullif(v_field, '')
                );
            end if;
        end;
    end if;
    return jsonb_build_object(
        'faults', v_faults,
        'problem', v_problem,
        'can_be_saved', v_faults = '[]' and (v_problem is null or v_problem ->> 'code' = 'TC110')
        and nullif(btrim(p_campaign_name), '') is not null
        and (nullif(btrim(p_message_template), '') is not null or coalesce(p_variants, '[]') <> '[]'),
        'is_sms', lower(btrim(p_campaign_type)) = 'sms',
        'messages', case
            when nullif(btrim(p_message_template), '') is null and coalesce(p_variants, '[]') = '[]' then '[]'
            else v_messages
        end,
        'parts', (
            select max((m.message ->> 'parts')::integer) from jsonb_array_elements(v_messages) as m (message)
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_draft(
    text, text, text, text, text, text, text, text, boolean, text, integer, numeric, integer, jsonb
) is
'A campaign that is being typed, as create_campaign() takes it, tried out; nothing of it stays. Returns {"faults":
[{"field", "message", "position" (from 1), "before", "wrong", "after"}] of templates, "problem": {"code", "message",
"hint", "field"} or null: why it could not be saved (TC110: not sent as it is), "can_be_saved", "is_sms", "messages": the first
three of the segment as they would read, each variant in turn, whoever the rules would leave out, with encoding, length
and parts of an SMS, "parts": the most of them}. Refuses nothing that is half typed. Managers alone.';

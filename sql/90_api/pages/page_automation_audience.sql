-- requires: write_campaign, preview_campaign, segment_count, segment_condition

create or replace function trustcart_api.page_automation_audience(
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
    p_variants jsonb default null,
    p_precision text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_as_of date := trustcart.business_date();
    v_id bigint := -(pg_current_xact_id()::text::bigint);
    v_is_large boolean := (
        select c.reltuples > 50000 from pg_class as c where c.oid = 'trustcart.customers'::regclass
    );
    v_precision text := coalesce(
        nullif(lower(btrim(p_precision)), ''), case when v_is_large then 'about' else 'audience' end
    );
    v_result jsonb;
    v_plan json;
    v_sqlstate text;
    v_message text;
    v_remedy text;
begin
    if v_precision not in ('about', 'segment', 'audience') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is no precision', left(p_precision, 100)),
            hint = 'Known are about, segment, audience.';
    end if;
    v_result := jsonb_build_object('precision', v_precision, 'is_large', v_is_large, 'problem', null);
    begin
        case v_precision
            when 'about' then
                -- What the planner expects: at once, however many customers there are.
                execute 'explain (format json) select from trustcart.customers as c where '
                || trustcart_private.segment_condition(p_target_segment, v_as_of)
                into v_plan;
                v_result := v_result || jsonb_build_object(
                    'segment_count', (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint
                );
            when 'segment' then
                v_result := v_result || jsonb_build_object(
                    'segment_count', trustcart.segment_count(p_target_segment, v_as_of)
                );
            else
                -- The very query of sending, over a campaign that is undone: holdout and variants are drawn by its
                -- number, so of these the shares hold and not who it will be.
                perform trustcart_private.write_campaign(
                    v_id,
                    '…',
                    p_campaign_type,
                    p_target_segment,
                    '…',
                    p_discount_code,
                    p_start_date,
                    p_end_date,
                    null,
                    p_is_scheduled,
                    p_trigger_event,
                    p_notice_days,
                    p_holdout_percentage,
                    p_attribution_days,
                    (
                        select jsonb_agg(
                            jsonb_build_object(
                                'variant', e.variant ->> 'variant',
                                'weight', coalesce(e.variant ->> 'weight', '1'),
                                'message_template', '…'
                            )
                        )
                        from jsonb_array_elements(
                            case when jsonb_typeof(p_variants) = 'array' then p_variants else '[]' end
                        ) as e (variant)
                    ),
                    null
                );
                v_result := v_result || (
                    trustcart.preview_campaign(v_id, 0)
                    - '{campaign_id,campaign_name,messages,problem,hint}'::text[]
                );
                raise exception using errcode = 'TC000';
        end case;
    exception when others then
        get stacked diagnostics
            v_sqlstate = returned_sqlstate, v_message = message_text, v_remedy = pg_exception_hint;
        if v_sqlstate not like 'TC%' then
            raise;
        elsif v_sqlstate <> 'TC000' then
            v_result := v_result || jsonb_build_object(
                'problem', jsonb_build_object('code', v_sqlstate, 'message', v_message, 'hint', v_remedy)
            );
        end if;
    end;
    return v_result;
end;
$$;
comment on function trustcart_api.page_automation_audience(
    text, text, text, text, text, text, text, text, boolean, text, integer, numeric, integer, jsonb, text
) is
'How many a campaign that is being typed would reach; nothing of it stays. p_precision: about (segment_count as the
planner expects it, at once), segment (counted), audience (segment_count, sent_count, excluded_count, exclusions,
variants, not_before as preview_campaign() has them: what sending would do now, by the same query); null: audience, in a
shop of more than 50,000 customers about. Returns these with precision, is_large, and problem: null, or where it could not be
counted {"code", "message", "hint"}. Managers alone. TC002 for the precision.';

-- requires: to_business_date

create or replace function trustcart_private.write_campaign(
    p_id bigint,
    p_campaign_name text,
    p_campaign_type text,
    p_target_segment text,
    p_message_template text,
    p_discount_code text,
    p_start_date text,
    p_end_date text,
    p_subject text,
    p_is_scheduled boolean,
    p_trigger_event text,
    p_notice_days integer,
    p_holdout_percentage numeric,
    p_attribution_days integer,
    p_variants jsonb,
    p_created_by bigint
)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text := case
        when nullif(btrim(p_campaign_name), '') is null then 'campaignName'
        when nullif(btrim(p_campaign_type), '') is null then 'campaignType'
        when nullif(btrim(p_target_segment), '') is null then 'targetSegment'
        when nullif(btrim(p_message_template), '') is null and coalesce(p_variants, '[]') = '[]' then 'messageTemplate'
    end;
    v_variant jsonb;
    v_id bigint;
begin
    if v_missing is not null then
        raise exception using
            errcode = 'TC003',
            message = v_missing || ' is required',
            hint = 'A campaign needs campaignName, campaignType, targetSegment and messageTemplate.',
            column = v_missing;
    elsif p_created_by is not null and not exists (select from trustcart.users as u where u.id = p_created_by) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', p_created_by),
            hint = 'Take the id from trustcart.users.';
    elsif not p_holdout_percentage between 0 and 90 then
        raise exception using
            errcode = 'TC005',
            message = format('holdout_percentage %s is not between 0 and 90', left(p_holdout_percentage::text, 30)),
            hint = 'A holdout is a share in percent.',
            column = 'holdoutPercentage';
    elsif p_variants is not null and (
        jsonb_typeof(p_variants) <> 'array'
        or jsonb_path_exists(
            p_variants, '$[*] ? (@.type() != "object" || !exists(@.variant) || !exists(@.message_template))'
        )
    ) then
        raise exception using
            errcode = 'TC005',
            message = 'variants is not a list of variants',
            hint = 'Give [{"variant": "A", "message_template": "...", "subject": "...", "weight": 1}].';
    end if;

    insert into trustcart.marketing_campaigns (
        id, campaign_name, campaign_type, target_segment, message_template, discount_code, start_date, end_date, subject,
        is_scheduled, trigger_event, notice_days, holdout_percentage, attribution_days, created_by
    )
    values (
        coalesce(p_id, nextval(pg_get_serial_sequence('trustcart.marketing_campaigns', 'id'))),
        p_campaign_name,
        p_campaign_type,
        p_target_segment,
        p_message_template,
        p_discount_code,
        trustcart.to_business_date(p_start_date),
        trustcart.to_business_date(p_end_date),
        p_subject,
        coalesce(p_is_scheduled, false),
        nullif(lower(btrim(p_trigger_event)), ''),
        p_notice_days,
        coalesce(p_holdout_percentage, 0),
        p_attribution_days,
        p_created_by
    )
    returning id into v_id;
    for v_variant in
        select e.variant
        from jsonb_array_elements(coalesce(p_variants, '[]')) with ordinality as e (variant, place)
        order by e.place
    loop
        if coalesce(v_variant ->> 'variant', '') !~ '^[A-Za-z0-9_]{1,20}$'
            or coalesce(v_variant ->> 'weight', '1') !~ '^[1-9][0-9]{0,2}$'
            or nullif(btrim(v_variant ->> 'message_template'), '') is null then
            raise exception using
                errcode = 'TC005',
                message = format('variant %s is not well formed', coalesce(v_variant ->> 'variant', '')),
                hint = 'variant is of letters, digits and _; weight from 1 to 999; message_template its text.';
        elsif exists (
            select from trustcart.campaign_variants as v
            where v.campaign_id = v_id and v.variant = v_variant ->> 'variant'
        ) then
            raise exception using
                errcode = 'TC005',
                message = format('variant %s is given twice', v_variant ->> 'variant'),
                hint = 'Each variant has a name of its own.';
        end if;
        insert into trustcart.campaign_variants (campaign_id, variant, weight, subject, message_template)
        values (
            v_id,
            v_variant ->> 'variant',
            coalesce((v_variant ->> 'weight')::integer, 1),
            v_variant ->> 'subject',
            v_variant ->> 'message_template'
        );
    end loop;
    return v_id;
end;
$$;
comment on function trustcart_private.write_campaign(
    bigint, text, text, text, text, text, text, text, text, boolean, text, integer, numeric, integer, jsonb, bigint
) is
'Writes a campaign with its variants and returns its id: p_id, or the next one. create_campaign() makes campaigns of it,
page_automation_draft() tries them out and undoes them. Errors as create_campaign().';

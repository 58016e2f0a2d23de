-- requires: require_segment, check_template

create or replace function trustcart_private.derive_campaign()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_new boolean := tg_op = 'INSERT';
    v_variant record;
begin
    if v_is_new then
        new.sent_count := 0;
        new.response_count := 0;
        new.frozen_at := null;
    elsif pg_trigger_depth() > 1 then
        -- The counters, kept by triggers on campaign_messages; they leave the rest alone.
        return new;
    else
        new.sent_count := old.sent_count;
        new.response_count := old.response_count;
        -- Set by freeze_campaign() alone, which says so for its own statement.
        if current_setting('trustcart.freezing', true) is distinct from new.id::text then
            new.frozen_at := old.frozen_at;
        end if;
    end if;
    new.campaign_name := btrim(new.campaign_name);
    new.campaign_type := lower(btrim(new.campaign_type));
    new.target_segment := lower(btrim(new.target_segment));
    new.subject := nullif(btrim(new.subject), '');
    new.message_template := case when btrim(new.message_template) <> '' then new.message_template end;
    new.discount_code := nullif(btrim(new.discount_code), '');

    if nullif(new.campaign_name, '') is null or new.campaign_type is null or new.target_segment is null then
        raise exception using
            errcode = 'TC003',
            message = format(
                '%s is required',
                case
                    when nullif(new.campaign_name, '') is null then 'campaign_name'
                    when new.campaign_type is null then 'campaign_type'
                    else 'target_segment'
                end
            ),
            hint = 'A campaign has a name, a type (sms, email, whatsapp, push) and a segment (all, new, repeat ...).';
    elsif length(new.discount_code) > 100 or length(new.campaign_name) > 300 then
        raise exception using
            errcode = 'TC005',
            message = case
                when length(new.discount_code) > 100 then 'discount_code has more than 100 characters'
                else 'campaign_name has more than 300 characters'
            end,
            hint = 'Customers are to type the code; texts go into message_template.';
    elsif new.campaign_type not in ('sms', 'email', 'whatsapp', 'push') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a type of campaign', new.campaign_type),
            hint = 'Known are sms, email, whatsapp, push.';
    elsif new.trigger_event not in ('birthday', 'at_risk', 'cart_abandoned') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a trigger event', new.trigger_event),
            hint = 'Known are birthday, at_risk, cart_abandoned; without one, each customer gets one message.';
    elsif new.end_date < new.start_date then
        raise exception using
            errcode = 'TC005',
            message = format('end_date %s is before start_date %s', new.end_date, new.start_date),
            hint = 'A campaign ends on the day it begins, or later.';
    elsif not new.holdout_percentage between 0 and 90
        or not new.notice_days between 0 and 365
        or not new.attribution_days between 0 and 365 then
        raise exception using
            errcode = 'TC005',
            message = case
                when not new.holdout_percentage between 0 and 90
                    then format('holdout_percentage %s is not between 0 and 90', new.holdout_percentage)
                when not new.notice_days between 0 and 365
                    then format('notice_days %s is not between 0 and 365', new.notice_days)
                else format('attribution_days %s is not between 0 and 365', new.attribution_days)
            end,
            hint = 'A holdout is a share in percent; the others are days.';
    elsif new.notice_days is not null and new.trigger_event is distinct from 'birthday' then
        raise exception using
            errcode = 'TC005',
            message = 'notice_days goes with the trigger event birthday',
            hint = 'Leave notice_days out, or set trigger_event to birthday.';
    elsif new.is_scheduled and (new.start_date is null or new.trigger_event is not null) then
        raise exception using
            errcode = 'TC005',
            message = case
                when new.start_date is null then 'a scheduled campaign needs a start_date'
                else 'a campaign with a trigger event is not scheduled besides'
            end,
            hint = 'is_scheduled sends the campaign on start_date; events send by themselves.';
    end if;

    if not v_is_new and old.frozen_at is not null
        and (new.campaign_type, new.target_segment, new.trigger_event, new.holdout_percentage)
        is distinct from (old.campaign_type, old.target_segment, old.trigger_event, old.holdout_percentage) then
        raise exception using
            errcode = 'TC110',
            message = format(
                'campaign %s was sent: its %s does not change any more',
                old.id,
                case
                    when new.campaign_type <> old.campaign_type then 'campaign_type'
                    when new.target_segment <> old.target_segment then 'target_segment'
                    when new.trigger_event is distinct from old.trigger_event then 'trigger_event'
                    else 'holdout_percentage'
                end
            ),
            hint = 'Make a new campaign for another audience.';
    end if;

    if v_is_new or new.target_segment <> old.target_segment then
        perform trustcart_private.require_segment(new.target_segment);
        -- Whoever deletes the segment waits for us, or we for them.
        perform from trustcart.segments as s where s.name = new.target_segment for key share;
        perform trustcart_private.require_segment(new.target_segment);
    end if;

    if v_is_new
        or (new.message_template, new.subject, new.trigger_event)
        is distinct from (old.message_template, old.subject, old.trigger_event) then
        perform trustcart_private.check_template(
            'message_template', new.message_template, new.trigger_event is not null
        );
        perform trustcart_private.check_template('subject', new.subject, new.trigger_event is not null);
    end if;
    if not v_is_new and new.trigger_event is null and old.trigger_event is not null then
        for v_variant in
            select
                v.variant,
                v.subject,
                v.message_template
            from trustcart.campaign_variants as v
            where v.campaign_id = new.id
            order by v.variant
        loop
            perform trustcart_private.check_template(
                format('variant %s, message_template', v_variant.variant), v_variant.message_template, false
            );
            perform trustcart_private.check_template(
                format('variant %s, subject', v_variant.variant), v_variant.subject, false
            );
        end loop;
    end if;

    if not v_is_new then
        new.updated_at := case
            when
                to_jsonb(new) - '{sent_count,response_count,frozen_at,updated_at}'::text[]
                is distinct from to_jsonb(old) - '{sent_count,response_count,frozen_at,updated_at}'::text[]
                then now()
            else old.updated_at
        end;
    end if;
    return new;
end;
$$;
comment on function trustcart_private.derive_campaign() is
'Trigger: checks what was entered (TC002 type, segment or event, TC003 missing, TC005 dates, TC006 templates, TC110 what
may not change once it was sent) and leaves sent_count, response_count and frozen_at as they are, whatever was supplied.
The counters are written by triggers (pg_trigger_depth() > 1) and pass; frozen_at by freeze_campaign().';

-- requires: check_template

create or replace function trustcart_private.check_campaign_variant()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_of_event boolean;
begin
    -- With the lock, the campaign cannot lose its trigger event meanwhile.
    select m.trigger_event is not null
    into v_of_event
    from trustcart.marketing_campaigns as m
    where m.id = new.campaign_id
    for no key update;
    new.subject := nullif(btrim(new.subject), '');
    perform trustcart_private.check_template(
        format('variant %s, message_template', new.variant), new.message_template, coalesce(v_of_event, false)
    );
    perform trustcart_private.check_template(
        format('variant %s, subject', new.variant), new.subject, coalesce(v_of_event, false)
    );
    return new;
end;
$$;
comment on function trustcart_private.check_campaign_variant() is
'Trigger: the texts of a variant are templates like the campaign''s. TC006.';

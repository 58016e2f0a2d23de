-- requires: check_access, require_hour

create or replace function trustcart_api.save_contact_preferences(
    p_customer_id bigint,
    p_preferred_from text default null,
    p_preferred_until text default null,
    p_language text default null,
    p_time_zone text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Blank takes a wish back, null leaves it; of the hours who gives one gives both.
    v_are_hours_given boolean := num_nonnulls(p_preferred_from, p_preferred_until) > 0;
    v_from time := trustcart_private.require_hour(p_preferred_from);
    v_until time := trustcart_private.require_hour(p_preferred_until);
    v_language text := btrim(p_language);
    v_time_zone text := btrim(p_time_zone);
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.',
            column = 'customerId';
    elsif num_nonnulls(v_from, v_until) = 1 then
        raise exception using
            errcode = 'TC005',
            message = case when v_from is null then 'preferredFrom' else 'preferredUntil' end || ' is missing',
            hint = 'Give both hours, or neither.',
            column = case when v_from is null then 'preferredFrom' else 'preferredUntil' end;
    elsif v_from >= v_until then
        raise exception using
            errcode = 'TC005',
            message = format(
                'preferredFrom %s is not before preferredUntil %s', left(v_from::text, 5), left(v_until::text, 5)
            ),
            hint = 'The hours lie within one day of the customer; until 24:00 is its end.',
            column = 'preferredUntil';
    end if;
    perform trustcart.check_access(p_customer_id);
    if v_from is not null or v_language <> '' or v_time_zone <> '' then
        perform trustcart.set_contact_preferences(p_customer_id, v_from, v_until, v_language, v_time_zone);
    end if;
    update trustcart.customer_contact_preferences as p
    set
        preferred_from = case when v_are_hours_given then v_from else p.preferred_from end,
        preferred_until = case when v_are_hours_given then v_until else p.preferred_until end,
        language = case when v_language = '' then null else p.language end,
        time_zone = case when v_time_zone = '' then null else p.time_zone end
    where
        p.customer_id = p_customer_id
        and (v_are_hours_given and v_from is null or v_language = '' or v_time_zone = '');
    return (
        select
            jsonb_build_object(
                'customer_id', c.id,
                'preferred_from', left(p.preferred_from::text, 5),
                'preferred_until', left(p.preferred_until::text, 5),
                'language', p.language,
                'time_zone', p.time_zone
            )
        from trustcart.customers as c
        left join trustcart.customer_contact_preferences as p on c.id = p.customer_id
        where c.id = p_customer_id
    );
end;
$$;
comment on function trustcart_api.save_contact_preferences(bigint, text, text, text, text) is
'When and in what language a customer wishes to be called, as a form gives it: hours as HH:MM, of the customer''s own
time zone. What is left out stays as it is, blank takes the wish back; the hours go together. Returns what holds now. TC001
hours that are none, TC002 time zone, TC003 without customerId, TC004 no such customer, TC005 hours out of order or only
one of them, language that is no code, TC111 erased or merged, TC403 not an agent''s customer.';

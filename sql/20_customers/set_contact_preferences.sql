-- requires: check_access

create or replace function trustcart.set_contact_preferences(
    p_customer_id bigint,
    p_preferred_from time default null,
    p_preferred_until time default null,
    p_language text default null,
    p_time_zone text default null
)
returns trustcart.customer_contact_preferences
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customer_id bigint := trustcart.check_access(p_customer_id);
    v_language text := nullif(lower(btrim(p_language)), '');
    v_time_zone text := nullif(btrim(p_time_zone), '');
    v_preferences trustcart.customer_contact_preferences;
begin
    if num_nonnulls(p_preferred_from, p_preferred_until, v_language, v_time_zone) = 0 then
        raise exception using
            errcode = 'TC003',
            message = 'preferred_from and preferred_until, language or time_zone is required',
            hint = 'Give what the customer wishes; what is left out stays as it is.';
    elsif num_nonnulls(p_preferred_from, p_preferred_until) = 1 then
        raise exception using
            errcode = 'TC005',
            message = format(
                'preferred_%s is missing', case when p_preferred_from is null then 'from' else 'until' end
            ),
            hint = 'Give both hours, or neither.';
    elsif p_preferred_from >= p_preferred_until then
        raise exception using
            errcode = 'TC005',
            message = format('preferred_from %s is not before preferred_until %s', p_preferred_from, p_preferred_until),
            hint = 'The hours lie within one day of the customer; until 24:00 is its end.';
    elsif v_language !~ '^[a-z]{2,3}$' then
        raise exception using
            errcode = 'TC005',
            message = format('%L is not a language code', p_language),
            hint = 'Give the two or three letters of ISO 639: bn, en ...';
    elsif not trustcart_private.is_time_zone(v_time_zone) then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a time zone', p_time_zone),
            hint = 'Known are the names of pg_timezone_names, such as Asia/Dhaka.';
    end if;
    insert into trustcart.customer_contact_preferences as p (
        customer_id, preferred_from, preferred_until, time_zone, language
    )
    values (v_customer_id, p_preferred_from, p_preferred_until, v_time_zone, v_language)
    on conflict (customer_id) do update
    set
        preferred_from = coalesce(excluded.preferred_from, p.preferred_from),
        preferred_until = coalesce(excluded.preferred_until, p.preferred_until),
        time_zone = coalesce(excluded.time_zone, p.time_zone),
        language = coalesce(excluded.language, p.language)
    returning p.* into v_preferences;
    return v_preferences;
end;
$$;
comment on function trustcart.set_contact_preferences(bigint, time, time, text, text) is
'Records when and in what language a customer wishes to be called; returns all that is known. Null keeps what was there;
to take a wish back, update customer_contact_preferences. The hours go together and are those of the customer''s own
time zone. TC002 unknown time zone, TC003 nothing given, TC004 no such customer, TC005 hours out of order or only one of
them, language that is no code.';

-- requires: contact_blocks, call_hours

create or replace function trustcart_private.contact_refusals(p_customer_id bigint, p_at timestamptz)
returns table (reason text, sqlstate text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_settings trustcart.settings;
    v_date date;
    v_hours tstzmultirange;
begin
    select s.* into v_settings from trustcart.settings as s;
    v_date := (p_at at time zone v_settings.time_zone)::date;
    if not exists (select from trustcart.customers as c where c.id = p_customer_id and c.is_active) then
        return query values ('the customer is inactive', 'TC202');
    end if;
    return query
    select
        b.reason,
        'TC208'
    from trustcart_private.contact_blocks(
        -- What was recorded at the instant itself is known.
        v_date, p_at + interval '1 microsecond', v_date + 1, null, v_settings, p_customer_id
    ) as b
    where b.customer_id = p_customer_id;

    select trustcart_private.call_hours(v_date, p.preferred_from, p.preferred_until, p.time_zone, v_settings)
    into v_hours
    from trustcart.customer_contact_preferences as p
    where p.customer_id = p_customer_id;
    if not found and v_settings.quiet_from is not null then
        v_hours := trustcart_private.call_hours(v_date, null, null, null, v_settings);
    end if;
    if not v_hours @> p_at then
        return query
        select
            case
                when isempty(v_hours) then 'no hour of the day to call at'
                else 'to be called '
                    || (
                        select string_agg(
                            to_char(lower(h.stretch) at time zone v_settings.time_zone, 'HH24:MI') || '–'
                            || to_char(upper(h.stretch) at time zone v_settings.time_zone, 'HH24:MI'),
                            ' and ' order by lower(h.stretch)
                        )
                        from unnest(v_hours) as h (stretch)
                    )
                    || ' only'
            end,
            'TC209';
    end if;
end;
$$;
comment on function trustcart_private.contact_refusals(bigint, timestamptz) is
'What check_contact() says of a customer, whoever is asking: an agent who claims a call from the pool may not see its
customer before it is claimed.';

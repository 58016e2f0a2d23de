-- requires: contact_blocks, call_hours, require_customer, business_date

create or replace function trustcart.check_contact(p_customer_id bigint, p_at timestamptz default now())
returns table (reason text, sqlstate text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog
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
        perform trustcart_private.require_customer(p_customer_id);
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
comment on function trustcart.check_contact(bigint, timestamptz) is
'What speaks against calling a customer at an instant, a row a reason, none when nothing does: with sqlstate TC202 when
the customer is inactive, TC208 for the day (do not call, wrong number, contacted often enough, a pause), TC209 for the
hour (quiet or preferred hours, told in the business time zone). Asked again at the moment of every call; the plan asks
the same. TC003 without a customer, TC004 when there is none.';

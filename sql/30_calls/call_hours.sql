create or replace function trustcart_private.call_hours(
    p_date date, p_preferred_from time, p_preferred_until time, p_time_zone text, p_settings trustcart.settings
)
returns tstzmultirange
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_time_zone text := coalesce(p_time_zone, p_settings.time_zone);
    v_day tstzrange := tstzrange(
        p_date::timestamp at time zone p_settings.time_zone, (p_date + 1)::timestamp at time zone p_settings.time_zone
    );
    v_hours tstzmultirange := tstzmultirange(v_day);
    v_local date;
    v_welcome tstzmultirange := tstzmultirange();
    v_quiet tstzmultirange := tstzmultirange();
begin
    -- A day of the shop touches two days of a customer who lives elsewhere, and quiet hours may begin the day before.
    for v_local in
        select g.n::date
        from generate_series(
            (lower(v_day) at time zone v_time_zone)::date - 1, (upper(v_day) at time zone v_time_zone)::date, interval '1 day'
        ) as g (n)
    loop
        if p_preferred_from is not null then
            v_welcome := v_welcome + tstzmultirange(tstzrange(
                (v_local + p_preferred_from) at time zone v_time_zone,
                (v_local + p_preferred_until) at time zone v_time_zone
            ));
        end if;
        if p_settings.quiet_from is not null then
            v_quiet := v_quiet + tstzmultirange(tstzrange(
                (v_local + p_settings.quiet_from) at time zone v_time_zone,
                (v_local + (p_settings.quiet_until < p_settings.quiet_from)::integer + p_settings.quiet_until)
                at time zone v_time_zone
            ));
        end if;
    end loop;
    if p_preferred_from is not null then
        v_hours := v_hours * v_welcome;
    end if;
    return v_hours - v_quiet;
end;
$$;
comment on function trustcart_private.call_hours(date, time, time, text, trustcart.settings) is
'The instants of a business date at which a customer may be called: outside the shop''s quiet hours and within the hours
the customer prefers, both in the customer''s own time zone (null: the shop''s). Empty when there are none.';

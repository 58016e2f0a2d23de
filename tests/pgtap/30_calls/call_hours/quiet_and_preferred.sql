-- The instants of a business date outside the quiet hours and within the preferred ones, in the customer's time zone.
begin;
select plan(14);

create function pg_temp.hours(p_quiet time [], p_preferred time [], p_time_zone text, p_date date default '2025-06-18')
returns text language plpgsql as $$
declare
    v_settings trustcart.settings;
begin
    select s.* into v_settings from trustcart.settings as s;
    v_settings.quiet_from := p_quiet[1];
    v_settings.quiet_until := p_quiet[2];
    return (
        select string_agg(
            to_char(lower(h.stretch) at time zone v_settings.time_zone, 'DD HH24:MI-')
            || to_char(upper(h.stretch) at time zone v_settings.time_zone, 'DD HH24:MI'), ', ' order by lower(h.stretch)
        )
        from unnest(
            trustcart_private.call_hours(p_date, p_preferred[1], p_preferred[2], p_time_zone, v_settings)
        ) as h (stretch)
    );
end;
$$;

select is(pg_temp.hours(null, null, null), '18 00:00-19 00:00', 'the whole day of the shop');
select is(pg_temp.hours(null, null, 'America/New_York'), '18 00:00-19 00:00', 'wherever the customer lives');
select is(pg_temp.hours(null, '{10:00,12:30}', null), '18 10:00-18 12:30', 'preferred hours');
select is(pg_temp.hours('{13:00,14:00}', null, null), '18 00:00-18 13:00, 18 14:00-19 00:00', 'quiet hours within a day');
select is(pg_temp.hours('{21:00,09:00}', null, null), '18 09:00-18 21:00', 'across midnight, from the evening before');
select is(pg_temp.hours('{00:00,09:00}', null, null), '18 09:00-19 00:00', 'from midnight on');
select is(pg_temp.hours('{21:00,00:00}', null, null), '18 00:00-18 21:00', 'until midnight');
select is(pg_temp.hours('{21:00,09:00}', '{08:00,22:00}', null), '18 09:00-18 21:00', 'both');
select is(pg_temp.hours('{21:00,09:00}', '{21:00,23:00}', null), null, 'none are left');
-- London is five hours behind in summer, New York ten.
select is(pg_temp.hours(null, '{09:00,17:00}', 'Europe/London'), '18 14:00-18 22:00', 'hours of where the customer lives');
select is(
    pg_temp.hours(null, '{09:00,17:00}', 'America/New_York'), '18 00:00-18 03:00, 18 19:00-19 00:00',
    'a day of the shop has hours of two days there'
);
select is(
    pg_temp.hours('{21:00,09:00}', null, 'America/New_York'), '18 00:00-18 07:00, 18 19:00-19 00:00',
    'the quiet hours are those of the customer''s own day'
);
select is(
    pg_temp.hours(null, '{09:00,17:00}', 'Europe/London', '2025-12-17'), '17 15:00-17 23:00',
    'winter time is one hour more'
);
-- 9 March 2025: clocks in New York go from 2 to 3, at 13:00 in Dhaka.
select is(
    pg_temp.hours(null, '{01:00,04:00}', 'America/New_York', '2025-03-09'), '09 12:00-09 14:00',
    'the night in which the clock goes forward is an hour shorter'
);

select * from finish();
rollback;

create or replace function trustcart_private.quiet_ends_at(
    p_at timestamptz, p_time_zone text, p_quiet_from time, p_quiet_until time
)
returns timestamptz
language sql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
return case
    when p_quiet_from < p_quiet_until
        then case
            when
                (p_at at time zone p_time_zone)::time >= p_quiet_from
                and (p_at at time zone p_time_zone)::time < p_quiet_until
                then ((p_at at time zone p_time_zone)::date + p_quiet_until) at time zone p_time_zone
        end
    when (p_at at time zone p_time_zone)::time < p_quiet_until
        then ((p_at at time zone p_time_zone)::date + p_quiet_until) at time zone p_time_zone
    when (p_at at time zone p_time_zone)::time >= p_quiet_from
        then ((p_at at time zone p_time_zone)::date + 1 + p_quiet_until) at time zone p_time_zone
end;
comment on function trustcart_private.quiet_ends_at(timestamptz, text, time, time) is
'When the quiet hours end in which an instant falls in a time zone; null when it falls in none, or there are none
(p_quiet_from null). The hours may lie past midnight.';

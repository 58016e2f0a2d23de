-- requires: agent_capacity

create or replace function trustcart_private.staffed_hours(p_date date, p_settings trustcart.settings)
returns tstzmultirange
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (
            select range_agg(tstzrange(
                (p_date + coalesce(a.works_from, '00:00')) at time zone p_settings.time_zone,
                (p_date + coalesce(a.works_until, '24:00')) at time zone p_settings.time_zone
            ))
            from trustcart_private.agent_capacity(p_date) as a
            where a.max_calls > 0
        ),
        tstzmultirange(tstzrange(
            p_date::timestamp at time zone p_settings.time_zone,
            (p_date + 1)::timestamp at time zone p_settings.time_zone
        ))
    );
end;
$$;
comment on function trustcart_private.staffed_hours(date, trustcart.settings) is
'The instants of a business date at which an agent works who may be given calls; whoever has stated no hours works at
any. The whole day where nobody works, for then capacity decides.';

-- requires: trustcart.upcoming_events

create or replace function trustcart_api.upcoming_events(p_days integer default 30)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'customer_id', e.customer_id,
                        'name', e.name,
                        'email', e.email,
                        'phone', e.phone,
                        'event_type', e.event_type,
                        'event_date', e.event_date,
                        'days_until', e.days_until,
                        'family_member_id', e.family_member_id
                    )
                    order by e.event_date, e.customer_id, e.family_member_id nulls first, e.event_type
                )
            from trustcart.upcoming_events(coalesce(p_days, 30)) as e
        ),
        '[]'
    );
end;
$$;
comment on function trustcart_api.upcoming_events(integer) is
'GET /cdm/upcoming-events: the birthdays and anniversaries of the next p_days days as an array, the next first. TC005
for a negative number of days.';

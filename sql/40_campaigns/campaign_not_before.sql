create or replace function trustcart_private.campaign_not_before(p_start_date date, p_at timestamptz)
returns timestamptz
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return greatest(
        p_at,
        p_start_date::timestamp at time zone (select s.time_zone from trustcart.settings as s)
    );
end;
$$;
comment on function trustcart_private.campaign_not_before(date, timestamptz) is
'From when the messages of a campaign frozen at p_at may go out: at once, or as its start_date begins in the business
time zone.';

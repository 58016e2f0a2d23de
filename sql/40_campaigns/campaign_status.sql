create or replace function trustcart_private.campaign_status(
    p_is_active boolean, p_start_date date, p_end_date date, p_as_of date
)
returns text
language sql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
return case
    when not p_is_active then 'inactive'
    when p_end_date < p_as_of then 'ended'
    when p_start_date > p_as_of then 'scheduled'
    else 'active'
end;

comment on function trustcart_private.campaign_status(boolean, date, date, date) is
'A campaign''s status on a date: inactive (switched off), ended, scheduled (begins later) or active.';

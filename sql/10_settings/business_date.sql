-- plpgsql, for its plan is kept: a SQL function with a FROM is never inlined and would be parsed at every call.
create or replace function trustcart.business_date()
returns date
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select (now() at time zone s.time_zone)::date from trustcart.settings as s);
end;
$$;
comment on function trustcart.business_date() is
'Today in the time zone of settings: the date that every rule counts from unless another is given.';

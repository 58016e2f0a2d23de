-- requires: require_date

create or replace function trustcart.check_job_date(p_business_date date)
returns void
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.require_date(p_business_date);
end;
$$;
comment on function trustcart.check_job_date(date) is
'Raises TC001 unless given a business date; for the job procedures, which run as their caller.';

-- requires: segment_condition, business_date

create or replace function trustcart.segment_count(
    p_segment text, p_as_of date default trustcart.business_date()
)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
-- It would read the customers in the order of their ids, page by page at random.
set enable_mergejoin = off
as $$
declare
    v_count bigint;
begin
    execute 'select count(*) from trustcart.customers as c where '
    || trustcart_private.segment_condition(p_segment, trustcart_private.require_date(p_as_of))
    into v_count;
    return v_count;
end;
$$;
comment on function trustcart.segment_count(text, date) is
'How many customers a segment has now: the rows of segment_customers(). TC001 date, TC002 unknown segment, TC003 none
given.';

-- requires: segment_condition, business_date

create or replace function trustcart.segment_customers(
    p_segment text, p_as_of date default trustcart.business_date()
)
returns setof bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
-- It would read the customers in the order of their ids, page by page at random.
set enable_mergejoin = off
as $$
begin
    return query execute 'select c.id from trustcart.customers as c where '
    || trustcart_private.segment_condition(p_segment, trustcart_private.require_date(p_as_of));
end;
$$;
comment on function trustcart.segment_customers(text, date) is
'The ids of a segment''s customers: all (every active one), new, repeat, vip, inactive (active ones of that
customer_type), or of a saved segment. Types, stages and amounts are those of now, days count from p_as_of. TC001 date,
TC002 unknown segment, TC003 none given.';

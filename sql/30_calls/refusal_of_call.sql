-- requires: contact_refusals

create or replace function trustcart_private.refusal_of_call(
    p_customer_id bigint, p_at timestamptz, out reason text, out sqlstate text
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- What holds for the whole day comes before what holds for the hour.
    select c.reason, c.sqlstate into reason, sqlstate
    from trustcart_private.contact_refusals(p_customer_id, p_at) as c
    order by c.sqlstate, c.reason
    limit 1;
end;
$$;
comment on function trustcart_private.refusal_of_call(bigint, timestamptz) is
'The first of what check_contact() holds against calling a customer at an instant, TC209 the last; nulls when
nothing does. All functions that work the list ask here.';

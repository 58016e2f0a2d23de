-- requires: contact_refusals, check_access

create or replace function trustcart.check_contact(p_customer_id bigint, p_at timestamptz default now())
returns table (reason text, sqlstate text)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform trustcart.check_access(p_customer_id);
    return query
    select
        r.reason,
        r.sqlstate
    from trustcart_private.contact_refusals(p_customer_id, p_at) as r;
end;
$$;
comment on function trustcart.check_contact(bigint, timestamptz) is
'What speaks against calling a customer at an instant, a row a reason, none when nothing does: with sqlstate TC202 when
the customer is inactive, TC208 for the day (do not call, wrong number, contacted often enough, a pause), TC209 for the
hour (quiet or preferred hours, told in the business time zone). Asked again at the moment of every call; the plan asks
the same. TC003 without a customer, TC004 when there is none, TC403 not an
agent''s.';

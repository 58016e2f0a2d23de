-- requires: is_restricted

create or replace function trustcart.check_access(p_customer_id bigint)
returns bigint
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customer_id is required',
            hint = 'Give the id of the customer.';
    elsif not exists (select from trustcart.customers as c where c.id = p_customer_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no customer %s', p_customer_id),
            hint = 'Take the id from trustcart.customers.';
    elsif trustcart_private.is_restricted() and not exists (
        select from trustcart_private.customers_of_caller as v where v.customer_id = p_customer_id
    ) then
        raise exception using
            errcode = 'TC403',
            message = format('customer %s is not one of yours', p_customer_id),
            hint = 'Agents see customers who are assigned to them or on their calls, open or finished in the last 7 days.';
    end if;
    return p_customer_id;
end;
$$;
comment on function trustcart.check_access(bigint) is
'The id given, if it is that of a customer, active or not, whom the caller may see (guide: checkAccess). TC003 without
one, TC004 when there is no such customer, TC403 when it is not an agent''s.';

create or replace function trustcart_private.require_customer(p_customer_id bigint)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog
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
    end if;
    return p_customer_id;
end;
$$;
comment on function trustcart_private.require_customer(bigint) is
'The id given, if it is that of a customer, active or not. TC003 without one, TC004 when there is no such customer.';

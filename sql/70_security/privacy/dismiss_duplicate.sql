-- requires: check_access, current_user_id

create or replace function trustcart.dismiss_duplicate(p_customer_id bigint, p_other_customer_id bigint)
returns boolean
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart.check_access(p_customer_id);
    perform trustcart.check_access(p_other_customer_id);
    if p_customer_id = p_other_customer_id then
        raise exception using
            errcode = 'TC005',
            message = format('customer %s is given twice', p_customer_id),
            hint = 'Give the ids of the two who look alike.';
    end if;
    insert into trustcart.dismissed_duplicates (customer_id, other_customer_id, dismissed_by)
    values (
        least(p_customer_id, p_other_customer_id),
        greatest(p_customer_id, p_other_customer_id),
        trustcart.current_user_id()
    )
    on conflict do nothing;
    return found;
end;
$$;
comment on function trustcart.dismiss_duplicate(bigint, bigint) is
'Two customers look alike and are not the same: duplicate_customers() lists the pair no more. True, or false when that
was known. TC003 without a customer, TC004 when there is none, TC005 the same twice, TC403 not yours.';

-- requires: log_access

create or replace function trustcart_api.customer360(p_customer_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customer jsonb;
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    end if;
    select to_jsonb(v) || jsonb_build_object(
        'lifetime_value', trim_scale(v.lifetime_value),
        'avg_order_value', trim_scale(v.avg_order_value),
        'state_as_of', nullif(v.state_as_of, '-infinity')
    )
    into v_customer
    from trustcart.customer_360_view as v
    where v.customer_id = p_customer_id;
    if v_customer is null then
        perform trustcart.check_access(p_customer_id);
    end if;
    perform trustcart.log_access(p_customer_id);
    return v_customer;
end;
$$;
comment on function trustcart_api.customer360(bigint) is
'GET /cdm/customer360/:customerId: the row of customer_360_view as an object; that it was read is written to audit_logs
(view); state_as_of is null before the first order. TC003 without an id, TC004 for an unknown one, TC403 not an
agent''s customer.';

create or replace function trustcart_api.behavior(p_customer_id bigint)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_behavior jsonb;
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    end if;
    select
        jsonb_build_object(
            'customer_id', c.id,
            'avg_order_value', trim_scale(b.avg_order_value),
            'preferred_categories', coalesce(b.preferred_categories, '{}'),
            'preferred_payment_method', b.preferred_payment_method,
            'avg_days_between_orders', b.avg_days_between_orders,
            'peak_order_time', b.peak_order_time,
            'has_abandoned_cart', coalesce(b.has_abandoned_cart, false),
            'cart_recovery_count', coalesce(b.cart_recovery_count, 0)
        )
    into v_behavior
    from trustcart.customers as c
    left join trustcart.customer_behavior as b on c.id = b.customer_id
    where c.id = p_customer_id;
    if v_behavior is null then
        perform trustcart.check_access(p_customer_id);
    end if;
    return v_behavior;
end;
$$;
comment on function trustcart_api.behavior(bigint) is
'GET /cdm/behavior/:customerId: how a customer buys, as an object; nulls and empty lists before the first order. TC003
without an id, TC004 for an unknown one, TC403 not an agent''s customer.';

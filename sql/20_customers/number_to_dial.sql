-- requires: phone_key

create or replace function trustcart_private.number_to_dial(p_customer_id bigint)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return (
        select btrim(n.phone)
        from trustcart.customers as c
        cross join lateral (
            values (1, c.phone, c.phone_e164), (2, c.mobile, c.mobile_e164)
        ) as n (place, phone, phone_e164)
        where
            c.id = p_customer_id
            and trustcart_private.phone_key(n.phone, n.phone_e164) is not null
            and not exists (
                select from trustcart.customer_phone_flags as f
                where
                    f.customer_id = c.id
                    and f.phone = trustcart_private.phone_key(n.phone, n.phone_e164)
                    and f.cleared_at is null
            )
        order by n.place
        limit 1
    );
end;
$$;
comment on function trustcart_private.number_to_dial(bigint) is
'The number at which to call a customer, as typed: phone, else mobile, whichever is not flagged; null when there is
none.';

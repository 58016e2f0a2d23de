-- requires: is_phone_token

create or replace function trustcart_private.phone_texts_of(p_from bigint, p_until bigint, p_tokens boolean)
returns text[]
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
    return array(
        select distinct t.phone
        from (
            select n.phone
            from trustcart.customers as c
            cross join lateral (
                values (c.phone), (c.phone_e164), (c.mobile), (c.mobile_e164)
            ) as n (phone)
            where c.id > p_from and c.id <= p_until
            union all
            select n.phone
            from trustcart.customer_family_members as f
            cross join lateral (values (f.phone), (f.phone_e164)) as n (phone)
            where f.customer_id > p_from and f.customer_id <= p_until
            union all
            select f.phone
            from trustcart.customer_phone_flags as f
            where f.customer_id > p_from and f.customer_id <= p_until
            union all
            select m.address
            from trustcart.campaign_messages as m
            where m.customer_id > p_from and m.customer_id <= p_until and m.channel in ('sms', 'whatsapp')
        ) as t
        where btrim(t.phone) <> '' and trustcart_private.is_phone_token(t.phone) = p_tokens
    );
end;
$$;
comment on function trustcart_private.phone_texts_of(bigint, bigint, boolean) is
'What stands in the phone columns of customers above the first id, up to the second, of their family, flags and campaign
messages: the tokens, or the readable numbers.';

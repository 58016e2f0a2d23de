create or replace function trustcart_private.forget_phones(p_tokens text[])
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_locked text[];
    v_forgotten bigint;
begin
    -- In a statement of its own: who holds one of them is about to write it down.
    v_locked := array(
        select v.token
        from trustcart_private.phone_vault as v
        where
            v.token = any(
                p_tokens || array(
                    select w.e164_token from trustcart_private.phone_vault as w where w.token = any(p_tokens)
                )
            )
        order by v.token
        for update skip locked
    );
    if v_locked = '{}' then
        return 0;
    end if;
    with used as (
        select n.token
        from trustcart.customers as c
        cross join lateral (values (c.phone), (c.phone_e164), (c.mobile), (c.mobile_e164)) as n (token)
        where n.token = any(v_locked)
        union
        select n.token
        from trustcart.customer_family_members as f
        cross join lateral (values (f.phone), (f.phone_e164)) as n (token)
        where n.token = any(v_locked)
        union
        select f.phone
        from trustcart.customer_phone_flags as f
        where f.phone = any(v_locked)
        union
        select m.address
        from trustcart.campaign_messages as m
        where m.address = any(v_locked)
        union
        select p.phone
        from trustcart.customer_merges as g
        cross join lateral unnest(trustcart_private.json_phones(g.overwritten)) as p (phone)
        where p.phone = any(v_locked)
    )

    delete from trustcart_private.phone_vault as v
    where v.token = any(v_locked) and v.token not in (select u.token from used as u);
    get diagnostics v_forgotten = row_count;
    return v_forgotten;
end;
$$;
comment on function trustcart_private.forget_phones(text[]) is
'Deletes what is behind tokens, and behind those of the same numbers in E.164, from the vault, where no customer, family
member, flag, campaign message or merge has them any more: for who is erased. Returns how many were deleted.';

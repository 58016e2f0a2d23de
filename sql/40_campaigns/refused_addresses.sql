-- requires: message_consents, phone_forms, phones_are_mixed, readable_phone

create or replace function trustcart_private.refused_addresses(
    p_channel text, p_at timestamptz, p_addresses text[] default null
)
returns table (address text, customer_id bigint)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
declare
    v_customer_ids bigint[];
    v_forms text[];
    v_is_mixed boolean := trustcart_private.phones_are_mixed();
begin
    if p_channel = 'push' then
        return;
    elsif p_addresses = '{}' then
        return;
    elsif p_addresses is not null and p_channel = 'email' then
        -- There is no index by e-mail, which every order would write: those who ever refused are looked at.
        v_customer_ids := array(
            select distinct n.customer_id
            from trustcart.customer_consents as n
            inner join trustcart.customers as c on n.customer_id = c.id
            where n.channel = p_channel and not n.granted and lower(btrim(c.email)) = any(p_addresses)
        );
    elsif p_addresses is not null then
        v_forms := trustcart_private.phone_forms(p_addresses);
        v_customer_ids := array(
            select distinct b.customer_id
            from trustcart_private.phone_book as b
            where b.phone_e164 = any(v_forms) and b.family_member_id is null
        );
    end if;
    if v_customer_ids = '{}' then
        return;
    end if;
    return query
    select
        n.address,
        r.customer_id
    from trustcart_private.message_consents(p_channel, p_at, v_customer_ids) as r
    inner join trustcart.customers as c on r.customer_id = c.id
    cross join lateral (
        select lower(btrim(c.email)) as address
        where p_channel = 'email'
        union all
        select case when v_is_mixed then trustcart_private.readable_phone(p.phone) else p.phone end
        from (values (c.phone_e164), (c.mobile_e164)) as p (phone)
        where
            p_channel <> 'email'
            and not exists (
                select from trustcart.customer_phone_flags as f
                where f.customer_id = r.customer_id and f.phone = p.phone and f.cleared_at is null
            )
    ) as n
    where not r.granted and n.address is not null and (p_addresses is null or n.address = any(p_addresses));
end;
$$;
comment on function trustcart_private.refused_addresses(text, timestamptz, text[]) is
'Addresses at which somebody refused a channel, and who: every number of a customer that is not flagged as wrong, or
the e-mail address. Whoever shares one is not written to there either: the phone''s owner said stop. p_addresses null:
all.';

-- requires: conceal_phones, revealed_phones, phone_texts_of

create or replace function trustcart_private.convert_phones(p_limit integer)
returns table (done_to bigint, converted bigint, is_done boolean)
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_state text;
    v_from bigint;
    v_until bigint;
    v_texts text[];
    v_map jsonb;
begin
    -- One at a time.
    select
        e.state,
        e.done_to
    into v_state, v_from
    from trustcart_private.phone_encryption as e
    for no key update;
    if v_state in ('on', 'off') then
        return query select v_from, 0::bigint, true;
        return;
    end if;
    select max(n.id) into v_until
    from (
        select c.id
        from trustcart.customers as c
        where c.id > v_from
        order by c.id
        limit p_limit
    ) as n;
    if v_until is null then
        return query select v_from, 0::bigint, true;
        return;
    end if;

    perform
    from trustcart.customers as c
    where c.id > v_from and c.id <= v_until
    order by c.id
    for no key update;
    v_texts := trustcart_private.phone_texts_of(v_from, v_until, v_state = 'turning_off');
    v_map := case when v_state = 'turning_on'
        then trustcart_private.conceal_phones(v_texts)
        else trustcart_private.revealed_phones(v_texts)
    end;
    if v_state = 'turning_off' and not v_map ?& v_texts then
        raise exception using
            errcode = 'TC505',
            message = format('of customers %s to %s a number is not in the vault', v_from + 1, v_until),
            hint = 'Restore trustcart_private.phone_vault from the backup it came from, or give them a new number.';
    end if;
    if cardinality(v_texts) > 0 then
        -- By way of the state's own writes: nothing about the customer has changed.
        update trustcart.customers as c
        set
            phone = coalesce(v_map ->> c.phone, c.phone),
            phone_e164 = coalesce(v_map ->> c.phone_e164, c.phone_e164),
            mobile = coalesce(v_map ->> c.mobile, c.mobile),
            mobile_e164 = coalesce(v_map ->> c.mobile_e164, c.mobile_e164),
            state_revision = c.state_revision + 1
        where c.id > v_from and c.id <= v_until and v_map ?| array[c.phone, c.phone_e164, c.mobile, c.mobile_e164];
        if v_state = 'turning_on' then
            -- A flag knows what is no number without the blanks around it; its token is the column's.
            update trustcart.customer_phone_flags as f
            set
                phone = coalesce(
                    (
                        select n.token
                        from trustcart.customers as c
                        cross join lateral (
                            values (c.phone, c.phone_e164), (c.mobile, c.mobile_e164)
                        ) as n (token, e164_token)
                        inner join jsonb_each_text(v_map) as k (phone, token) on n.token = k.token
                        where c.id = f.customer_id and n.e164_token is null and btrim(k.phone) = f.phone
                        limit 1
                    ),
                    v_map ->> f.phone
                )
            where f.customer_id > v_from and f.customer_id <= v_until and v_map ? f.phone;
        else
            -- Two texts that differ in these blanks alone were two tokens, and are one flag again.
            delete from trustcart.customer_phone_flags as f
            using trustcart.customer_phone_flags as g
            where
                f.customer_id > v_from
                and f.customer_id <= v_until
                and f.customer_id = g.customer_id
                and f.id > g.id
                and f.cleared_at is null
                and g.cleared_at is null
                and btrim(coalesce(v_map ->> f.phone, f.phone)) = btrim(coalesce(v_map ->> g.phone, g.phone));
            update trustcart.customer_phone_flags as f
            set phone = btrim(v_map ->> f.phone)
            where f.customer_id > v_from and f.customer_id <= v_until and v_map ? f.phone;
        end if;
        update trustcart.customer_family_members as f
        set phone = v_map ->> f.phone
        where f.customer_id > v_from and f.customer_id <= v_until and v_map ? f.phone;
        update trustcart.campaign_messages as m
        set address = v_map ->> m.address
        where
            m.customer_id > v_from
            and m.customer_id <= v_until
            and m.channel in ('sms', 'whatsapp')
            and v_map ? m.address;
    end if;
    update trustcart_private.phone_encryption as e
    set done_to = v_until;
    return query select v_until, cardinality(v_texts)::bigint, false;
end;
$$;
comment on function trustcart_private.convert_phones(integer) is
'While encryption is being turned on or off: does the next customers, p_limit at most, with their families, flags and
campaign messages, so that all that is compared of one customer is of one kind at any moment. Returns up to which id it
is done, how many numbers it changed, and whether nobody is left. Killed in between, the next call goes on. TC501 for a
wrong key, TC502 without one, TC505 when the vault was tampered with.';

-- requires: bounced_addresses, phones_are_mixed, readable_phone, is_mobile_number

create or replace function trustcart_private.message_addresses(
    p_channel text, p_customer_ids bigint[] default null
)
returns table (customer_id bigint, address text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- Planned with its arguments: null leaves the condition on the customers out, else it leads to the index.
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
declare
    v_is_mixed boolean := trustcart_private.phones_are_mixed();
begin
    if p_channel = 'email' then
        return query
        select
            c.id,
            lower(btrim(c.email))
        from trustcart.customers as c
        where
            (p_customer_ids is null or c.id = any(p_customer_ids))
            and btrim(c.email) <> ''
            -- More has no address; of any length it would not fit into the index, and nobody would be written to.
            and length(btrim(c.email)) <= 320
            and (c.id, lower(btrim(c.email))) not in (
                select
                    b.customer_id,
                    b.address
                from trustcart_private.bounced_addresses(p_channel, p_customer_ids) as b
            );
    elsif p_channel = 'push' then
        return query
        select
            c.id,
            'customer:' || c.id
        from trustcart.customers as c
        where p_customer_ids is null or c.id = any(p_customer_ids);
    else
        -- A landline of Bangladesh takes no SMS.
        return query
        with flags as materialized (
            select
                w.customer_id,
                array_agg(w.phone) as phones
            from (
                select
                    f.customer_id,
                    f.phone
                from trustcart.customer_phone_flags as f
                where f.cleared_at is null and (p_customer_ids is null or f.customer_id = any(p_customer_ids))
                union all
                select
                    b.customer_id,
                    b.address
                from trustcart_private.bounced_addresses(p_channel, p_customer_ids) as b
            ) as w
            group by w.customer_id
        )

        select
            a.customer_id,
            case when v_is_mixed then trustcart_private.readable_phone(a.address) else a.address end
        from (
            select
                c.id as customer_id,
                case
                    when
                        c.phone_e164 is not null
                        and c.phone_e164 <> all(coalesce(f.phones, '{}'))
                        and (p_channel <> 'sms' or trustcart.is_mobile_number(c.phone_e164))
                        then c.phone_e164
                    when
                        c.mobile_e164 is not null
                        and c.mobile_e164 <> all(coalesce(f.phones, '{}'))
                        and (p_channel <> 'sms' or trustcart.is_mobile_number(c.mobile_e164))
                        then c.mobile_e164
                end as address
            from trustcart.customers as c
            left join flags as f on c.id = f.customer_id
            where p_customer_ids is null or c.id = any(p_customer_ids)
        ) as a
        where a.address is not null;
    end if;
end;
$$;
comment on function trustcart_private.message_addresses(text, bigint[]) is
'Where a channel reaches customers, a row each who has such an address: sms and whatsapp the phone, else the mobile,
the first that is a number and not flagged as wrong (sms: and no landline of Bangladesh); email in lower case, of
320 characters at most; none from which the last message bounced; push customer:<id>. p_customer_ids null: of the whole shop.
Where phone numbers are encrypted, their tokens; while that is being turned on or off the numbers, which takes the key:
TC501, TC502.';

create or replace function trustcart_private.bounced_addresses(p_channel text, p_customer_ids bigint[] default null)
returns table (customer_id bigint, address text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
begin
    return query
    select distinct
        m.customer_id,
        m.address
    from trustcart.campaign_receipts as r
    inner join trustcart.campaign_messages as m on r.message_id = m.id
    where
        r.kind = 'bounced'
        and r.channel = p_channel
        and m.bounced_at is not null
        and (p_customer_ids is null or m.customer_id = any(p_customer_ids))
        and not exists (
            select
            from trustcart.campaign_messages as later
            where
                later.customer_id = m.customer_id
                and later.channel = m.channel
                and later.address = m.address
                and later.sent_at > m.sent_at
                and later.bounced_at is null
        );
end;
$$;
comment on function trustcart_private.bounced_addresses(text, bigint[]) is
'Addresses of customers from which the last message of the channel bounced: nothing is to be written there again until
the customer has another address. What a provider calls failed, not bounced, does not count. p_customer_ids null: of
the whole shop.';

-- requires: message_consents

create or replace function trustcart_private.cancel_refused_messages()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A refusal of the past that a later consent has overtaken cancels nothing, neither does one of tomorrow.
    with refused as (
        select m.id
        from (
            select
                n.channel,
                array_agg(distinct n.customer_id) as customer_ids
            from new_rows as n
            where n.channel <> 'call' and not n.granted
            group by n.channel
        ) as n
        cross join lateral trustcart_private.message_consents(n.channel, clock_timestamp(), n.customer_ids) as l
        inner join trustcart.campaign_messages as m on l.customer_id = m.customer_id and n.channel = m.channel
        where not l.granted and m.status = 'queued'
        order by m.id
        for no key update of m
    )

    update trustcart.campaign_messages as m
    set
        status = 'cancelled',
        closed_at = clock_timestamp(),
        close_reason = 'no_consent: withdrawn before its turn came'
    where m.id in (select f.id from refused as f) and m.status = 'queued';
    return null;
end;
$$;
comment on function trustcart_private.cancel_refused_messages() is
'Trigger of customer_consents: who forbids a channel gets no message that is queued for it; one that a worker has in
hand goes out. What waits for others at the same address is cancelled when its turn comes, by message_blocks().';

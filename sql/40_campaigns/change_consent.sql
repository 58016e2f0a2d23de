create or replace function trustcart_private.change_consent(
    p_customer_ids bigint[], p_channel text, p_granted boolean, p_source text, p_at timestamptz
)
returns bigint[]
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_changed bigint[];
begin
    -- One decision after the other of a customer.
    perform trustcart_private.lock_customers(p_customer_ids);
    with written as (
        insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at, source)
        select distinct
            c.id,
            p_channel,
            p_granted,
            least(p_at, clock_timestamp()),
            p_source
        from unnest(p_customer_ids) as c (id)
        where
            p_granted is distinct from (
                select n.granted
                from trustcart.customer_consents as n
                where n.customer_id = c.id and n.channel = p_channel and n.recorded_at <= p_at
                order by n.recorded_at desc, n.id desc
                limit 1
            )
        returning customer_id
    ),

    told as (
        insert into trustcart.events (event_type, customer_id, payload)
        select
            'customer_unsubscribed',
            w.customer_id,
            jsonb_build_object('channel', p_channel, 'source', p_source)
        from written as w
        where not p_granted
        order by w.customer_id
        returning customer_id
    )

    select array_agg(w.customer_id order by w.customer_id) into v_changed
    from written as w;
    return coalesce(v_changed, '{}');
end;
$$;
comment on function trustcart_private.change_consent(bigint[], text, boolean, text, timestamptz) is
'Records what customers themselves said about a channel at an instant, unless they had last said the same; a refusal is
the event customer_unsubscribed. Returns the customers for whom there is a new row.';

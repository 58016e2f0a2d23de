-- requires: lock_customers

create or replace function trustcart_private.move_contact_days(
    p_customer_ids bigint[],
    p_instants timestamptz[],
    p_channels text[],
    p_added bigint[]
)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    perform trustcart_private.lock_customers(p_customer_ids);
    insert into trustcart_private.contact_days as d (customer_id, contacted_on, channel, contacts)
    select
        m.customer_id,
        (m.instant at time zone s.time_zone)::date as contacted_on,
        m.channel,
        sum(m.added) as contacts
    from unnest(p_customer_ids, p_instants, p_channels, p_added) as m (customer_id, instant, channel, added)
    cross join trustcart.settings as s
    where m.channel is not null
    group by m.customer_id, 2, m.channel
    having sum(m.added) > 0
    order by m.customer_id, 2, m.channel
    on conflict (customer_id, contacted_on, channel) do update
    set contacts = d.contacts + excluded.contacts;

    update trustcart_private.contact_days as d
    set contacts = d.contacts + t.added
    from (
        select
            m.customer_id,
            (m.instant at time zone s.time_zone)::date as contacted_on,
            m.channel,
            sum(m.added) as added
        from unnest(p_customer_ids, p_instants, p_channels, p_added) as m (customer_id, instant, channel, added)
        cross join trustcart.settings as s
        where m.channel is not null
        group by m.customer_id, 2, m.channel
        having sum(m.added) < 0
    ) as t
    where d.customer_id = t.customer_id and d.contacted_on = t.contacted_on and d.channel = t.channel;
end;
$$;
comment on function trustcart_private.move_contact_days(bigint[], timestamptz[], text[], bigint[]) is
'Locks the customers and adds to contact_days what an update or delete moved: how many contacts more (or, negative,
fewer) a customer has at an instant by a channel. A null channel is no contact of ours: the customer is only locked.';

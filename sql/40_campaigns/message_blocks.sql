-- requires: phone_forms, message_consents, message_addresses, refused_addresses, message_pauses, message_contacts

create or replace function trustcart_private.message_blocks(
    p_channel text,
    p_at timestamptz,
    p_customer_ids bigint[] default null,
    p_reserving text[] default '{queued,sending}',
    p_except bigint[] default '{}'
)
returns table (customer_id bigint, reason text, detail text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    v_settings trustcart.settings;
    v_date date;
    v_looked_at bigint[] := p_customer_ids;
    v_addresses text[];
    v_refused text[];
    v_refusers bigint[];
    v_shared_ids bigint[];
begin
    select s.* into v_settings from trustcart.settings as s;
    v_date := (p_at at time zone v_settings.time_zone)::date;

    -- Who shares an address with one who refused it: few of a batch, and of a shop those at the refused addresses.
    if p_customer_ids is not null then
        v_addresses := array(
            select a.address from trustcart_private.message_addresses(p_channel, p_customer_ids) as a
        );
    end if;
    select
        array_agg(r.address),
        array_agg(r.customer_id)
    into v_refused, v_refusers
    from trustcart_private.refused_addresses(p_channel, p_at, v_addresses) as r;
    if v_refused is not null then
        if p_customer_ids is null and p_channel <> 'email' then
            v_looked_at := array(
                select distinct b.customer_id
                from (
                    select distinct u.address
                    from unnest(trustcart_private.phone_forms(v_refused)) as u (address)
                ) as r
                inner join trustcart_private.phone_book as b on r.address = b.phone_e164
                where b.family_member_id is null
            );
        end if;
        v_shared_ids := array(
            select a.customer_id
            from trustcart_private.message_addresses(p_channel, v_looked_at) as a
            inner join unnest(v_refused, v_refusers) as r (address, customer_id)
                on a.address = r.address and a.customer_id <> r.customer_id
        );
    end if;

    return query
    select distinct on (b.customer_id)
        b.customer_id,
        b.reason,
        b.detail
    from (
        select
            c.id as customer_id,
            1 as place,
            'no_consent' as reason,
            'customer inactive' as detail
        from trustcart.customers as c
        where not c.is_active and (p_customer_ids is null or c.id = any(p_customer_ids))
        union all
        select
            n.customer_id,
            2,
            'no_consent',
            format(
                'refused %s on %s', p_channel, (n.recorded_at at time zone v_settings.time_zone)::date
            )
        from trustcart_private.message_consents(p_channel, p_at, p_customer_ids) as n
        where not n.granted
        union all
        select
            c.id,
            3,
            'no_consent',
            format('has not agreed to %s', p_channel)
        from trustcart.customers as c
        where
            v_settings.marketing_opt_in
            and (p_customer_ids is null or c.id = any(p_customer_ids))
            and c.id not in (
                select n.customer_id from trustcart_private.message_consents(p_channel, p_at, p_customer_ids) as n
            )
        union all
        select
            u.id,
            4,
            'no_consent',
            'refused by another customer of this address'
        from unnest(v_shared_ids) as u (id)
        union all
        select
            i.customer_id,
            5,
            'quiet_period',
            format('%s on %s, no messages for %s days', i.outcome, i.paused_on, i.pause_days)
        from trustcart_private.message_pauses(p_at, p_customer_ids) as i
        union all
        select
            m.customer_id,
            6,
            'quiet_period',
            case
                when m.sent_at is null then 'another campaign message is waiting'
                else format('campaign message on %s', (m.sent_at at time zone v_settings.time_zone)::date)
            end
        from trustcart.campaign_messages as m
        where
            v_settings.marketing_quiet_days > 0
            and (p_customer_ids is null or m.customer_id = any(p_customer_ids))
            and (
                m.sent_at >= (v_date - v_settings.marketing_quiet_days + 1)::timestamp at time zone v_settings.time_zone
                and m.sent_at <= p_at
                or m.sent_at is null
                and m.status = any(p_reserving)
                and m.not_before < p_at + make_interval(days => v_settings.marketing_quiet_days)
                and (
                    p_at <= now()
                    or greatest(m.not_before, now()) > p_at - make_interval(days => v_settings.marketing_quiet_days)
                )
                and m.id <> all(p_except)
            )
        union all
        select
            k.customer_id,
            7,
            'cap',
            k.contacts || ' contacts in seven days'
        from trustcart_private.message_contacts(p_at, p_customer_ids, p_reserving, p_except) as k
        where k.contacts >= v_settings.contacts_per_week
    ) as b
    order by b.customer_id asc, b.place asc, b.detail desc;
end;
$$;
comment on function trustcart_private.message_blocks(text, timestamptz, bigint[], text[], bigint[]) is
'Customers who may not be written to by a channel at an instant, and the first reason of: no_consent (inactive; the
latest consent refuses; none, where settings.marketing_opt_in asks for one; another customer of the same address
refused), quiet_period (an outcome asked for a pause, or a campaign message within settings.marketing_quiet_days), cap
(settings.contacts_per_week). Messages in a status of p_reserving, but for p_except, count as sent. p_customer_ids null:
of the whole shop.';

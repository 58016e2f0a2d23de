create or replace function trustcart_private.contact_differences()
returns table (
    customer_id bigint,
    figure text,
    maintained text,
    recomputed text
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with contacts as (
        select
            x.customer_id,
            (x.contacted_at at time zone s.time_zone)::date as contacted_on,
            x.channel,
            count(*) as contacts
        from (
            select
                i.customer_id,
                i.interaction_date as contacted_at,
                i.interaction_type as channel
            from trustcart.customer_interactions as i
            where i.direction = 'outbound'
            union all
            select
                a.customer_id,
                a.attempted_at,
                'call'
            from trustcart.crm_call_attempts as a
            union all
            select
                m.customer_id,
                m.sent_at,
                m.channel
            from trustcart.campaign_messages as m
            where m.sent_at is not null
        ) as x
        cross join trustcart.settings as s
        group by x.customer_id, 2, x.channel
    ),

    numbers as (
        select
            c.id as customer_id,
            k.family_member_id,
            k.kind,
            k.phone_e164
        from trustcart.customers as c
        cross join lateral (
            values (null::bigint, 'phone', c.phone_e164), (null, 'mobile', c.mobile_e164)
        ) as k (family_member_id, kind, phone_e164)
        where k.phone_e164 is not null
        union all
        select
            f.customer_id,
            f.id,
            'phone',
            f.phone_e164
        from trustcart.customer_family_members as f
        where f.phone_e164 is not null
    )

    select
        coalesce(d.customer_id, n.customer_id),
        format(
            'contacts by %s on %s', coalesce(d.channel, n.channel), coalesce(d.contacted_on, n.contacted_on)
        ),
        d.contacts::text,
        coalesce(n.contacts, 0)::text
    from contacts as n
    full join trustcart_private.contact_days as d
        on n.customer_id = d.customer_id and n.contacted_on = d.contacted_on and n.channel = d.channel
    where coalesce(d.contacts, 0) <> coalesce(n.contacts, 0)
    union all
    select
        coalesce(b.customer_id, n.customer_id),
        coalesce(b.kind, n.kind)
        || coalesce(' of family member ' || coalesce(b.family_member_id, n.family_member_id)::text, '')
        || ' in phone_book',
        b.phone_e164,
        n.phone_e164
    from numbers as n
    full join trustcart_private.phone_book as b
        on
            n.customer_id = b.customer_id
            and coalesce(n.family_member_id, 0) = coalesce(b.family_member_id, 0)
            and n.kind = b.kind
    where b.phone_e164 is distinct from n.phone_e164;
end;
$$;
comment on function trustcart_private.contact_differences() is
'The rows of contact_days and phone_book that differ from their recomputation, for check_customer_state(): a day on
which contacts were all taken back may have its row or not.';

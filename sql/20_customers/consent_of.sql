-- requires: check_access

create or replace function trustcart.consent_of(p_customer_id bigint)
returns table (channel text, granted boolean, since timestamptz, source text, is_default boolean)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_customer_id bigint := trustcart.check_access(p_customer_id);
begin
    return query
    select
        h.channel,
        coalesce(l.granted, h.channel = 'call' or not s.marketing_opt_in),
        l.recorded_at,
        l.source,
        l.granted is null
    from unnest(array['call', 'sms', 'whatsapp', 'email', 'push']) with ordinality as h (channel, place)
    cross join trustcart.settings as s
    left join lateral (
        select
            n.granted,
            n.recorded_at,
            n.source
        from trustcart.customer_consents as n
        where n.customer_id = v_customer_id and n.channel = h.channel and n.recorded_at <= now()
        order by n.recorded_at desc, n.id desc
        limit 1
    ) as l on true
    order by h.place;
end;
$$;
comment on function trustcart.consent_of(bigint) is
'What holds for a customer now, a row a channel (call, sms, whatsapp, email, push): granted, since when and by what
source; is_default where the customer never said: calls are allowed, and messages unless settings.marketing_opt_in asks
for consent. TC003 without a customer, TC004 when there is none.';

-- requires: template_pieces, taka, long_date

create or replace function trustcart_private.render_texts(
    p_campaign_ids bigint[],
    p_variants text[],
    p_customer_ids bigint[],
    p_facts jsonb[],
    p_keys text[],
    p_as_of date
)
returns table (place bigint, subject text, body text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
begin
    return query
    with recipients as materialized (
        select
            r.place,
            r.campaign_id,
            r.variant,
            r.customer_id,
            r.facts,
            r.key
        from unnest(p_campaign_ids, p_variants, p_customer_ids, p_facts, p_keys)
            with ordinality as r (campaign_id, variant, customer_id, facts, key, place)
    ),

    -- Each text is cut once, whatever the number of its recipients.
    texts as materialized (
        select
            x.campaign_id,
            x.variant,
            x.part,
            k.place,
            k.literal,
            k.variable,
            t.fallback
        from (
            select
                m.id as campaign_id,
                w.variant,
                y.part,
                y.template
            from (select distinct r.campaign_id, r.variant from recipients as r) as w
            inner join trustcart.marketing_campaigns as m on w.campaign_id = m.id
            left join trustcart.campaign_variants as v on w.campaign_id = v.campaign_id and w.variant = v.variant
            cross join lateral (
                values
                ('body', coalesce(v.message_template, m.message_template)),
                (
                    'subject',
                    case
                        when m.campaign_type = 'email' then coalesce(v.subject, m.subject, m.campaign_name)
                        when m.campaign_type <> 'sms' then coalesce(v.subject, m.subject)
                    end
                )
            ) as y (part, template)
        ) as x
        cross join lateral trustcart_private.template_pieces(x.template) as k
        left join trustcart.template_variables as t on k.variable = t.name
    ),

    figures as materialized (
        select
            r.place,
            r.campaign_id,
            r.variant,
            r.facts,
            r.key,
            m.campaign_name,
            m.discount_code,
            s.shop_name,
            s.public_url,
            c.first_name,
            c.last_name,
            c.customer_type,
            c.order_count,
            c.total_spend,
            c.last_order_date,
            l.tier
        from recipients as r
        inner join trustcart.marketing_campaigns as m on r.campaign_id = m.id
        inner join trustcart.customers as c on r.customer_id = c.id
        left join trustcart.customer_loyalty as l on r.customer_id = l.customer_id
        cross join trustcart.settings as s
    )

    select
        f.place,
        -- A header is one line, whatever names people have.
        regexp_replace(string_agg(p.piece, '' order by p.place) filter (where p.part = 'subject'), '\s+', ' ', 'g'),
        coalesce(string_agg(p.piece, '' order by p.place) filter (where p.part = 'body'), '')
    from figures as f
    left join lateral (
        select
            t.part,
            t.place,
            case
                when t.variable is null then t.literal
                else coalesce(
                    nullif(
                        btrim(
                            case t.variable
                                when 'name' then concat_ws(
                                    ' ', nullif(btrim(f.first_name), ''), nullif(btrim(f.last_name), '')
                                )
                                when 'first_name' then f.first_name
                                when 'last_name' then f.last_name
                                when 'customer_type' then f.customer_type
                                when 'loyalty_tier' then f.tier
                                when 'order_count' then f.order_count::text
                                when 'total_spend' then trustcart_private.taka(f.total_spend)
                                when 'last_order_date' then trustcart_private.long_date(f.last_order_date)
                                when 'days_since_last_order' then (p_as_of - f.last_order_date)::text
                                when 'discount_code' then f.discount_code
                                when 'campaign_name' then f.campaign_name
                                when 'shop_name' then f.shop_name
                                when 'unsubscribe_url' then f.public_url || '/u/' || f.key
                                when 'event_name' then f.facts ->> 'event_name'
                                when 'event_date'
                                    then trustcart_private.long_date((f.facts ->> 'event_date')::date)
                                when 'days_until'
                                    then greatest((f.facts ->> 'event_date')::date - p_as_of, 0)::text
                                when 'cart_total'
                                    then trustcart_private.taka((f.facts ->> 'cart_total')::numeric)
                            end
                        ),
                        ''
                    ),
                    t.fallback,
                    ''
                )
            end as piece
        from texts as t
        where t.campaign_id = f.campaign_id and t.variant is not distinct from f.variant
    ) as p on true
    group by f.place;
end;
$$;
comment on function trustcart_private.render_texts(bigint[], text[], bigint[], jsonb[], text[], date) is
'Subject (of an e-mail without one the campaign''s name; null of an SMS) and body for recipients, given as arrays of the
same length: campaign, variant, customer, facts of the event, message key. place counts them from 1. Each variable is
replaced once: what is in a value stays as it is. An empty value gives way to the variable''s fallback. Amounts are
written 1500 or 1500.50, dates 22 November 2026, days as of p_as_of.';

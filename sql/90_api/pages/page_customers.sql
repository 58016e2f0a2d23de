-- requires: page_frame, find_customers, is_mobile_number, number_to_dial, shown_phone, normalize_phone, user_name

create or replace function trustcart_api.page_customers(
    p_customer_type text default null,
    p_lifecycle_stage text default null,
    p_temperature text default null,
    p_search text default null,
    p_sort text default 'lifetime_value',
    p_after text default null,
    p_limit integer default 50
)
returns jsonb
language sql stable parallel restricted
security invoker
begin atomic
select
    jsonb_build_object(
        'frame', trustcart_api.page_frame(),
        'customer_type', p_customer_type,
        'lifecycle_stage', p_lifecycle_stage,
        'temperature', p_temperature,
        'search', nullif(btrim(p_search), ''),
        'sort', coalesce(p_sort, 'lifetime_value'),
        'after', p_after,
        'next', f.next_cursor,
        'search_kind', f.search_kind,
        'match_count', f.match_count,
        'more_than', f.more_than,
        'is_unfinished', f.is_unfinished,
        'customers', coalesce(
            (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'customer_id', c.id,
                            'name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                            'email', c.email,
                            'phone', trustcart.shown_phone(coalesce(c.phone, c.mobile)),
                            'dial', n.e164,
                            'is_mobile', trustcart.is_mobile_number(n.e164),
                            'refused', (
                                select coalesce(jsonb_agg(h.channel), '[]')
                                from unnest(array['call', 'sms', 'whatsapp']) as h (channel)
                                cross join trustcart.settings as s
                                where not coalesce(
                                    (
                                        select k.granted
                                        from trustcart.customer_consents as k
                                        where
                                            k.customer_id = c.id
                                            and k.channel = h.channel
                                            and k.recorded_at <= now()
                                        order by k.recorded_at desc, k.id desc
                                        limit 1
                                    ),
                                    h.channel = 'call' or not s.marketing_opt_in
                                )
                            ),
                            'customer_type', c.customer_type,
                            'lifecycle_stage', c.lifecycle_stage,
                            'temperature', c.priority_level,
                            'lifetime_value', trim_scale(c.total_spend),
                            'total_orders', c.order_count,
                            'last_order_date', c.last_order_date,
                            'days_since_last_order', b.today - c.last_order_date,
                            'loyalty_tier', l.tier,
                            'agent_name', trustcart.user_name(c.assigned_agent_id),
                            'is_active', c.is_active,
                            'is_erased', c.erased_at is not null
                        )
                        order by i.position
                    )
                from unnest(f.customer_ids) with ordinality as i (id, position)
                inner join trustcart.customers as c on i.id = c.id
                left join trustcart.customer_loyalty as l on c.id = l.customer_id
                cross join lateral (
                    select
                        case
                            when c.is_active
                                then trustcart.normalize_phone(
                                    trustcart.shown_phone(trustcart_private.number_to_dial(c.id))
                                )
                        end as e164
                    from (values (1)) as once (n)
                    order by once.n
                    offset 0
                ) as n
            ),
            '[]'
        )
    ) as page
from trustcart.find_customers(
    p_search, p_customer_type, p_lifecycle_stage, p_temperature, p_sort, p_after, p_limit
) as f
cross join (
    select trustcart.business_date() as today
    from (values (1)) as once (n)
    order by once.n
    offset 0
) as b;
end;

comment on function trustcart_api.page_customers(text, text, text, text, text, text, integer) is
'Everything the Customer 360° dashboard shows (guide: /admin/customers/cdm), as an object: frame; what was asked for;
customers, a page of those the caller may see, found and sorted as find_customers() says, with the number to dial (in
E.164; null for a closed account and where no number is left that can be read; is_mobile unless it is a landline of
Bangladesh) and the channels they refused; next, for p_after of the next page, null at the end; search_kind
(name, number, email), match_count and more_than (a count that was not gone on with), is_unfinished (no full page was found yet, the search
goes on at next). TC002 for a value that is none of its vocabulary, TC005 for a limit, search or p_after that is none,
TC402 when nobody is signed in; TC501, TC502 for a number searched without the key of encrypted ones.';

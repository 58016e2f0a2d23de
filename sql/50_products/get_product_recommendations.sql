-- requires: business_date

create or replace function trustcart.get_product_recommendations(
    p_customer_id bigint, p_limit integer default 10, p_as_of date default trustcart.business_date()
)
returns table (
    product_id bigint,
    product_name text,
    recommended_price numeric,
    discount_percentage numeric,
    reason text,
    score numeric,
    source text,
    evidence jsonb,
    list_price numeric
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
-- Everything is a handful of look-ups by key, however large the shop.
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    v_limit integer := coalesce(p_limit, 10);
    v_customer_type text;
    v_settings trustcart.settings;
    v_baskets bigint;
    v_from date;
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customer_id is required',
            hint = 'Give the id of a customer.';
    end if;
    if v_limit not between 1 and 100 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', v_limit),
            hint = 'Give 1 to 100.';
    end if;
    if (p_as_of >= '1900-01-01' and p_as_of < '2200-01-01') is not true then
        raise exception using
            errcode = 'TC001',
            message = format('%s is not a business date', coalesce(p_as_of::text, 'null')),
            hint = 'Give a date between 1900-01-01 and 2199-12-31, as YYYY-MM-DD.';
    end if;
    select c.customer_type into v_customer_type from trustcart.customers as c where c.id = p_customer_id;
    if not found then
        perform trustcart.check_access(p_customer_id);
    end if;
    select s.* into v_settings from trustcart.settings as s;
    select s.baskets into v_baskets from trustcart.recommendation_state as s;
    -- The last 200 orders say enough: a till that sells to everybody as one customer has any number.
    v_from := coalesce(
        (
            select o.order_date
            from trustcart.sales_orders as o
            where o.customer_id = p_customer_id
            order by o.order_date desc
            limit 1 offset 199
        ),
        '-infinity'
    );

    return query
    with orders as materialized (
        select
            o.id,
            o.order_date
        from trustcart.sales_orders as o
        where
            o.customer_id = p_customer_id
            and o.order_date >= v_from
            and o.status in (select s.status from trustcart.order_statuses as s where s.counts)
    ),

    -- Each product of theirs: on how many days it was bought, on which last, and how many days it usually lasted.
    bought as materialized (
        select
            d.product_id,
            count(*) as days,
            max(d.order_date) as last_on,
            percentile_cont(0.5) within group (order by d.days_since) as rhythm
        from (
            select
                x.product_id,
                x.order_date,
                x.order_date - lag(x.order_date) over (partition by x.product_id order by x.order_date) as days_since
            from (
                select distinct
                    i.product_id,
                    o.order_date
                from orders as o
                inner join trustcart.sales_order_items as i on o.id = i.order_id
                where i.product_id is not null
            ) as x
        ) as d
        group by d.product_id
    ),

    refills as materialized (
        select
            r.product_id,
            r.days,
            r.last_on,
            r.is_own,
            r.customers,
            r.rhythm,
            p_as_of - r.last_on as days_since,
            (p_as_of - r.last_on) / r.rhythm as lateness
        from (
            select
                b.product_id,
                b.days,
                b.last_on,
                b.rhythm is not null as is_own,
                f.repeat_customers as customers,
                coalesce(b.rhythm, (f.interval_days / nullif(f.repeat_customers, 0))::double precision) as rhythm
            from bought as b
            left join trustcart.product_figures as f on b.product_id = f.product_id
            where b.rhythm is not null or f.repeat_customers >= v_settings.min_repeat_customers
        ) as r
        where p_as_of - r.last_on >= 0.9 * r.rhythm
    ),

    -- What they bought of, the categories above included.
    bought_categories as (
        select
            c.id,
            lower(btrim(c.name)) as name,
            sum(w.days) / (select sum(b.days) from bought as b) as share
        from (
            with recursive upwards as (
                select
                    b.product_id,
                    p.category_id
                from bought as b
                inner join trustcart.products as p on b.product_id = p.id
                where p.category_id is not null
                union
                select
                    u.product_id,
                    c.parent_id
                from upwards as u
                inner join trustcart.categories as c on u.category_id = c.id
                where c.parent_id is not null
            )

            select
                u.product_id,
                u.category_id,
                b.days
            from upwards as u
            inner join bought as b on u.product_id = b.product_id
        ) as w
        inner join trustcart.categories as c on w.category_id = c.id
        group by c.id
    ),

    rules as materialized (
        select distinct on (r.product_id)
            r.product_id,
            r.id,
            r.rule_name,
            r.target_category,
            r.target_customer_type,
            r.discount_percentage,
            c.share
        from trustcart.product_recommendation_rules as r
        left join bought_categories as c on lower(btrim(r.target_category)) = c.name
        where
            r.is_active
            and (r.target_customer_type is null or r.target_customer_type = v_customer_type)
            and (r.target_category is null or c.id is not null)
        -- The better offer, then the closer fit.
        order by
            r.product_id asc, coalesce(r.discount_percentage, 0) desc, c.share desc nulls last,
            r.target_customer_type asc nulls last, r.id asc
    ),

    together as (
        select
            pp.other_product_id as product_id,
            b.product_id as with_product_id,
            pp.orders,
            b.orders as with_orders,
            pp.orders::numeric * v_baskets / (b.orders::numeric * g.orders) as lift
        from (
            -- Of what they bought last; and of each product the partners it has most often.
            select
                x.product_id,
                f.orders
            from bought as x
            inner join trustcart.product_figures as f on x.product_id = f.product_id and f.orders > 0
            order by x.last_on desc, x.days desc, x.product_id asc
            limit 20
        ) as b
        cross join lateral (
            select
                x.other_product_id,
                x.orders
            from trustcart.product_pairs as x
            where x.product_id = b.product_id and x.orders >= v_settings.min_pair_orders
            order by x.orders desc, x.other_product_id asc
            limit 50
        ) as pp
        inner join trustcart.product_figures as g on pp.other_product_id = g.product_id and g.orders > 0
    ),

    best_together as materialized (
        select distinct on (t.product_id)
            t.product_id,
            t.with_product_id,
            t.orders,
            t.with_orders,
            t.lift,
            -- Few orders weigh little, however well they agree.
            0.8 * sqrt(t.orders / (t.with_orders + 10.0)) * (1 - 1 / t.lift) as score
        from together as t
        where t.lift > 1.1
        order by t.product_id asc, score desc, t.with_product_id asc
    ),

    popular as materialized (
        select
            f.product_id,
            f.recent_orders,
            (select max(x.recent_orders) from trustcart.product_figures as x) as most
        from trustcart.product_figures as f
        inner join trustcart.products as p on f.product_id = p.id
        where
            f.recent_orders > 0
            and p.is_active
            and (p.stock_quantity > 0 or p.stock_quantity is null)
            and f.product_id <> all(
                array(
                    select b.product_id
                    from bought as b
                    where b.last_on > p_as_of - v_settings.recently_bought_days
                )
            )
        order by f.recent_orders desc, f.product_id asc
        limit v_limit
    ),

    -- Each product once, with the best of the reasons for it; the others raise it a little.
    offered as (
        select
            x.product_id,
            least(round(max(x.score) + 0.1 * (sum(x.score) - max(x.score)), 4), 1) as score,
            (array_agg(x.source order by round(x.score, 4) desc, x.rank))[1] as source,
            bool_or(x.source = 'refill') as is_due
        from (
            select
                r.product_id,
                'rule' as source,
                1 as rank,
                0.75 + coalesce(0.15 * r.share, 0) + case when r.target_customer_type is null then 0 else 0.05 end
                    as score
            from rules as r
            union all
            select
                r.product_id,
                'refill',
                2,
                -- Rises until three times the rhythm has passed: by then they have it from elsewhere, or no more use for it.
                (
                    case
                        when r.lateness <= 3 then 0.6 + 0.35 * (r.lateness - 0.9) / 2.1
                        else 0.95 * (3 / r.lateness) ^ 2
                    end * case when r.is_own then 1 else 0.7 end
                )::numeric
            from refills as r
            union all
            select
                t.product_id,
                'co_purchase',
                3,
                t.score
            from best_together as t
            union all
            select
                p.product_id,
                'popular',
                4,
                0.15 * p.recent_orders / p.most
            from popular as p
        ) as x
        group by x.product_id
    ),

    chosen as (
        select
            o.product_id,
            o.score,
            o.source,
            p.name,
            p.price
        from offered as o
        inner join trustcart.products as p on o.product_id = p.id
        left join bought as b on o.product_id = b.product_id
        where
            p.is_active
            and (p.stock_quantity > 0 or p.stock_quantity is null)
            and (b.last_on is null or b.last_on <= p_as_of - v_settings.recently_bought_days or o.is_due)
        order by o.score desc, o.product_id asc
        limit v_limit
    )

    select
        c.product_id,
        c.name,
        round(c.price * (1 - coalesce(r.discount_percentage, 0) / 100), 2),
        coalesce(r.discount_percentage, 0.00),
        case c.source
            when 'rule' then
                case
                    when r.target_category is not null then 'Based on previous purchases: ' || btrim(r.target_category)
                    when r.target_customer_type is not null
                        then format('Offered to %s customers', r.target_customer_type)
                    else 'Offered to every customer'
                end || case
                    when r.rule_name is null then format(' (rule %s)', r.id)
                    else format(' (rule ''%s'')', r.rule_name)
                end
            when 'refill' then
                format(
                    case
                        when f.is_own then 'Usually buys every %s, last on %s'
                        else 'Customers usually buy it again after %s, last bought on %s'
                    end,
                    case when f.rhythm < 1.5 then 'day' else format('%s days', round(f.rhythm::numeric)) end,
                    f.last_on
                )
            when 'co_purchase' then
                format(
                    'Bought with %s in %s of %s orders (lift %s)', w.name, t.orders, t.with_orders, round(t.lift, 1)
                )
            else
                format(
                    'Popular: in %s %s of the last %s days',
                    u.recent_orders,
                    case when u.recent_orders = 1 then 'order' else 'orders' end,
                    v_settings.popular_within_days
                )
        end,
        c.score,
        c.source,
        jsonb_strip_nulls(
            jsonb_build_object(
                'rule',
                case
                    when r.id is not null then jsonb_build_object(
                        'rule_id', r.id,
                        'rule_name', r.rule_name,
                        'target_category', r.target_category,
                        'target_customer_type', r.target_customer_type,
                        'discount_percentage', trim_scale(r.discount_percentage),
                        'category_share', round(r.share, 4)
                    )
                end,
                'refill',
                case
                    when f.product_id is not null then jsonb_build_object(
                        'every_days', trim_scale(round(f.rhythm::numeric, 1)),
                        'last_on', f.last_on,
                        'days_since', f.days_since,
                        'own_rhythm', f.is_own,
                        'purchases', f.days,
                        'repeat_customers', f.customers
                    )
                end,
                'co_purchase',
                case
                    when t.product_id is not null then jsonb_build_object(
                        'with_product_id', t.with_product_id,
                        'with_product_name', w.name,
                        'orders', t.orders,
                        'of_orders', t.with_orders,
                        'confidence', round(t.orders::numeric / t.with_orders, 4),
                        'lift', round(t.lift, 2)
                    )
                end,
                'popular',
                case
                    when u.product_id is not null then jsonb_build_object(
                        'orders', u.recent_orders, 'days', v_settings.popular_within_days
                    )
                end
            )
        ),
        c.price
    from chosen as c
    left join rules as r on c.product_id = r.product_id
    left join refills as f on c.product_id = f.product_id
    left join best_together as t on c.product_id = t.product_id
    left join trustcart.products as w on t.with_product_id = w.id
    left join popular as u on c.product_id = u.product_id
    order by c.score desc, c.product_id asc;
end;
$$;
comment on function trustcart.get_product_recommendations(bigint, integer, date) is
'What to offer to a customer, best first (p_limit 1 to 100), each product once with its best reason and, in evidence,
the others. source: rule (product_recommendation_rules), refill (theirs is used up by their own rhythm, or the usual
one), co_purchase (often in a basket with what they bought), popular. recommended_price is what to ask: the list price
less discount_percentage, in taka; null where the product has no price. Never what is inactive or out of stock, nor what
was bought within settings.recently_bought_days, unless it is due again. Errors: TC001, TC003, TC004, TC005.';

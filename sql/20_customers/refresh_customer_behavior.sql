-- requires: require_date, day_part_of, batch_position, move_batch_position, end_batches

create or replace function trustcart.refresh_customer_behavior(
    p_as_of date default trustcart.business_date(), p_limit integer default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- A plan for the batch at hand: what suits a thousand customers does not suit all of them.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_name constant text := 'refresh_customer_behavior';
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_settings trustcart.settings;
    v_end_of_day timestamptz;
    c_start constant bigint := (-9223372036854775808)::bigint;
    v_abandoned integer := 0;
    v_cart_ids bigint[];
    v_due_ids bigint[];
    v_ids bigint[];
    v_from bigint := c_start;
    v_is_complete boolean := true;
    v_changed integer;
begin
    select s.* into v_settings from trustcart.settings as s;
    v_end_of_day := (v_as_of + 1)::timestamp at time zone v_settings.time_zone;

    if p_limit is not null then
        v_from := trustcart_private.batch_position(c_name, 'carts', jsonb_build_object('as_of', v_as_of));
    end if;

    -- A cart is abandoned at the instant its time ran out with no counted order since it was begun. All of them first,
    -- so that whoever's they are is met below.
    if v_from = c_start then
        with abandoned as (
            update trustcart.carts as k
            set abandoned_at = k.last_active_at + v_settings.cart_abandoned_after
            where
                k.order_id is null
                and k.abandoned_at is null
                and k.id in (
                    select c.id
                    from trustcart.carts as c
                    where
                        c.order_id is null
                        and c.abandoned_at is null
                        and c.last_active_at + v_settings.cart_abandoned_after < least(v_end_of_day, now())
                        and not exists (
                            select
                            from trustcart.sales_orders as o
                            inner join trustcart.order_statuses as os on o.status = os.status and os.counts
                            where
                                o.customer_id = c.customer_id
                                and o.order_date >= (c.created_at at time zone v_settings.time_zone)::date
                                and o.order_date <= (
                                    (c.last_active_at + v_settings.cart_abandoned_after)
                                    at time zone v_settings.time_zone
                                )::date
                        )
                    order by c.last_active_at
                    limit p_limit
                )
            returning k.customer_id
        ),

        -- A customer without an order has no row of behaviour until a cart asks for one.
        first_seen as (
            insert into trustcart.customer_behavior (customer_id)
            select distinct a.customer_id
            from abandoned as a
            where not exists (select from trustcart.customer_behavior as b where b.customer_id = a.customer_id)
            returning customer_id
        )

        select count(*)
        into v_abandoned
        from abandoned;
    end if;
    if v_abandoned >= p_limit then
        return jsonb_build_object(
            'as_of', v_as_of, 'refreshed', 0, 'carts_abandoned', v_abandoned, 'is_complete', false
        );
    end if;

    -- The customers whose carts may yet be recovered, by id, and, as far as there is room, those touched.
    v_cart_ids := array(
        select distinct k.customer_id
        from trustcart.carts as k
        where k.customer_id > v_from and k.abandoned_at is not null and k.recovered_on is null
        order by k.customer_id
        limit p_limit
    );
    v_due_ids := array(
        select b.customer_id
        from trustcart.customer_behavior as b
        where b.refresh_due and b.customer_id <> all(v_cart_ids)
        order by b.customer_id
        limit p_limit - cardinality(v_cart_ids)
    );
    if p_limit is not null then
        v_is_complete := cardinality(v_cart_ids) + cardinality(v_due_ids) < p_limit;
        perform trustcart_private.move_batch_position(c_name, 'carts', v_cart_ids[cardinality(v_cart_ids)]);
    end if;
    if v_is_complete then
        perform trustcart_private.end_batches(c_name);
    end if;
    v_ids := array(
        select b.customer_id
        from trustcart.customer_behavior as b
        where b.customer_id = any(v_cart_ids || v_due_ids)
        order by b.customer_id
        for no key update
    );

    -- Whoever is touched is to be scored again; the first scoring takes all.
    insert into trustcart_private.scores_due (customer_id)
    select b.customer_id
    from trustcart.customer_behavior as b
    where b.customer_id = any(v_ids) and b.refresh_due and exists (select from trustcart.customer_scores as s)
    on conflict (customer_id) do nothing;

    -- An abandoned cart is recovered by the first counted order within the days allowed.
    update trustcart.carts as k
    set recovered_on = r.order_date
    from (
        select
            x.id,
            min(o.order_date) as order_date
        from trustcart.carts as x
        left join (
            trustcart.sales_orders as o
            inner join trustcart.order_statuses as os on o.status = os.status and os.counts
        ) on
            x.customer_id = o.customer_id
            and o.order_date <= v_as_of
            and o.order_date between (x.abandoned_at at time zone v_settings.time_zone)::date
            and (x.abandoned_at at time zone v_settings.time_zone)::date + v_settings.cart_recovery_days
        where x.customer_id = any(v_ids) and x.abandoned_at is not null
        group by x.id
    ) as r
    where k.id = r.id and k.recovered_on is distinct from r.order_date;

    with counted as (
        select
            o.id,
            o.customer_id,
            o.payment_method,
            trustcart_private.day_part_of(
                extract(hour from o.ordered_at at time zone v_settings.time_zone)::integer
            ) as day_part
        from trustcart.sales_orders as o
        inner join trustcart.order_statuses as os on o.status = os.status and os.counts
        where o.customer_id = any(v_ids) and o.order_date <= v_as_of
    ),

    categories as (
        select
            r.customer_id,
            array_agg(r.name order by r.rank) filter (where r.rank <= v_settings.preferred_category_count) as names,
            array_agg(r.name order by r.name) as all_names
        from (
            select
                c.customer_id,
                g.name,
                row_number() over (
                    partition by c.customer_id order by count(distinct c.id) desc, g.name asc
                ) as rank
            from counted as c
            inner join trustcart.sales_order_items as i on c.id = i.order_id
            inner join trustcart.products as p on i.product_id = p.id
            inner join trustcart.categories as g on p.category_id = g.id
            group by c.customer_id, g.name
        ) as r
        group by r.customer_id
    ),

    payments as (
        select distinct on (c.customer_id)
            c.customer_id,
            c.payment_method
        from counted as c
        where c.payment_method is not null
        group by c.customer_id, c.payment_method
        order by c.customer_id asc, count(*) desc, c.payment_method asc
    ),

    hours as (
        select distinct on (c.customer_id)
            c.customer_id,
            c.day_part
        from counted as c
        where c.day_part is not null
        group by c.customer_id, c.day_part
        order by c.customer_id asc, count(*) desc, c.day_part asc
    ),

    carts as (
        select
            k.customer_id,
            bool_or(k.recovered_on is null) as has_abandoned_cart,
            count(k.recovered_on) as cart_recovery_count
        from trustcart.carts as k
        where k.customer_id = any(v_ids) and k.abandoned_at is not null
        group by k.customer_id
    ),

    derived as (
        select
            b.customer_id,
            coalesce(g.names, '{}') as preferred_categories,
            coalesce(g.all_names, '{}') as bought_categories,
            p.payment_method,
            h.day_part,
            coalesce(k.has_abandoned_cart, false) as has_abandoned_cart,
            coalesce(k.cart_recovery_count, 0) as cart_recovery_count
        from unnest(v_ids) as b (customer_id)
        left join categories as g on b.customer_id = g.customer_id
        left join payments as p on b.customer_id = p.customer_id
        left join hours as h on b.customer_id = h.customer_id
        left join carts as k on b.customer_id = k.customer_id
    )

    update trustcart.customer_behavior as b
    set
        preferred_categories = d.preferred_categories,
        bought_categories = d.bought_categories,
        preferred_payment_method = d.payment_method,
        peak_order_time = d.day_part,
        has_abandoned_cart = d.has_abandoned_cart,
        cart_recovery_count = d.cart_recovery_count,
        refresh_due = false,
        updated_at = now()
    from derived as d
    where
        b.customer_id = d.customer_id
        and (
            b.refresh_due
            or b.has_abandoned_cart <> d.has_abandoned_cart
            or b.cart_recovery_count <> d.cart_recovery_count
        );
    get diagnostics v_changed = row_count;
    return jsonb_build_object(
        'as_of', v_as_of, 'refreshed', v_changed, 'carts_abandoned', v_abandoned, 'is_complete', v_is_complete
    );
end;
$$;
comment on function trustcart.refresh_customer_behavior(date, integer) is
'Daily job: categories, payment method, hour and carts of the customers touched since it last ran, from their counted
orders up to p_as_of. p_limit: at most so many customers, and carts, in this call; while is_complete is false there are
more, for the next call. Without it all in one transaction, for which their orders wait. Returns {"as_of", "refreshed",
"carts_abandoned", "is_complete"}.';

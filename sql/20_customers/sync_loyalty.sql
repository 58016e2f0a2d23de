-- requires: is_history

create or replace function trustcart_private.sync_loyalty(
    p_customer_ids bigint[], p_as_of date, p_cause text, p_history_ids bigint[] default '{}'
)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    -- A replay of past days is no news.
    v_is_now boolean := not trustcart_private.is_history(p_as_of, trustcart.business_date());
    v_changed integer;
    v_calls jsonb;
    v_call jsonb;
    v_task_id bigint;
    v_refusal text;
begin
    with due as (
        select
            c.id as customer_id,
            c.total_spend,
            l.tier as from_tier,
            t.tier as to_tier,
            coalesce(t.min_spend, 0) > coalesce(f.min_spend, 0) as is_upgrade,
            v_is_now and p_cause <> 'rewind'
            and c.id not in (select h.id from unnest(p_history_ids) as h (id)) as is_news,
            v_is_now and p_cause in ('order', 'time')
            and c.id not in (select h.id from unnest(p_history_ids) as h (id))
            and not trustcart_private.is_history(c.last_order_date, p_as_of) as is_celebrated
        from unnest(p_customer_ids) as i (id)
        inner join trustcart.customers as c on i.id = c.id
        left join trustcart.customer_loyalty as l on c.id = l.customer_id
        left join trustcart.loyalty_tiers as f on l.tier = f.tier
        left join lateral (
            select
                x.tier,
                x.min_spend
            from trustcart.loyalty_tiers as x
            where x.min_spend <= c.total_spend
            order by x.min_spend desc
            limit 1
        ) as t on true
        where l.tier is distinct from t.tier
    ),

    lost as (
        delete from trustcart.customer_loyalty as l
        using due as d
        where l.customer_id = d.customer_id and d.to_tier is null
    ),

    kept as (
        insert into trustcart.customer_loyalty as l (customer_id, tier, since)
        select
            d.customer_id,
            d.to_tier,
            p_as_of
        from due as d
        where d.to_tier is not null
        order by d.customer_id
        on conflict (customer_id) do update set tier = excluded.tier, since = excluded.since
    ),

    recorded as (
        insert into trustcart.loyalty_tier_changes (customer_id, from_tier, to_tier, business_date, cause)
        select
            d.customer_id,
            d.from_tier,
            d.to_tier,
            p_as_of,
            p_cause
        from due as d
        order by d.customer_id
    ),

    told as (
        insert into trustcart.events (event_type, customer_id, payload)
        select
            'loyalty_tier_changed',
            d.customer_id,
            jsonb_build_object('from', d.from_tier, 'to', d.to_tier, 'business_date', p_as_of, 'cause', p_cause)
        from due as d
        where d.is_news
        order by d.customer_id
    ),

    -- What was passed on the way counts as reached.
    reached as (
        insert into trustcart.loyalty_tiers_reached (customer_id, tier, reached_on)
        select
            d.customer_id,
            x.tier,
            p_as_of
        from due as d
        inner join trustcart.loyalty_tiers as x on d.total_spend >= x.min_spend
        order by d.customer_id, x.min_spend
        on conflict (customer_id, tier) do nothing
        returning customer_id, tier
    ),

    engaged as (
        insert into trustcart.customer_engagement_history (customer_id, engagement_type, content)
        select
            d.customer_id,
            'tier_upgrade',
            format('Reached %s', d.to_tier)
        from due as d
        inner join reached as r on d.customer_id = r.customer_id and d.to_tier = r.tier
        where d.is_upgrade and d.is_celebrated
        order by d.customer_id
    )

    select
        (select count(*) from due as d),
        (
            select jsonb_agg(
                jsonb_build_object('customer_id', d.customer_id, 'tier', x.tier, 'task_type', x.call_task_type)
                order by d.customer_id, x.min_spend
            )
            from due as d
            inner join reached as r on d.customer_id = r.customer_id
            inner join trustcart.loyalty_tiers as x on r.tier = x.tier
            where d.is_upgrade and d.is_celebrated and x.call_task_type is not null
        )
    into v_changed, v_calls;
    if v_changed = 0 then
        return 0;
    end if;

    -- Nobody is congratulated on what was taken back.
    update trustcart.crm_call_tasks as t
    set status = 'cancelled', close_reason = format('no longer %s', x.tier)
    from trustcart.loyalty_tiers as x, trustcart.customers as c
    where
        t.customer_id = any(p_customer_ids)
        and t.status = 'pending'
        and t.started_at is null
        and t.task_type = x.call_task_type
        and c.id = t.customer_id
        and c.total_spend < x.min_spend;

    for v_call in select j.value from jsonb_array_elements(coalesce(v_calls, '[]')) as j loop
        -- The order is placed whether or not the customer can be called.
        v_task_id := null;
        v_refusal := null;
        begin
            v_task_id := trustcart.create_call_task(
                p_customer_id => (v_call ->> 'customer_id')::bigint,
                p_task_type => v_call ->> 'task_type',
                p_priority => 'hot',
                p_notes => format('Reached %s', v_call ->> 'tier')
            );
        exception when others then
            v_refusal := format('%s: %s', sqlstate, sqlerrm);
        end;
        update trustcart.loyalty_tiers_reached as r
        set task_id = v_task_id, why_no_call = v_refusal
        where r.customer_id = (v_call ->> 'customer_id')::bigint and r.tier = v_call ->> 'tier';
    end loop;
    return v_changed;
end;
$$;
comment on function trustcart_private.sync_loyalty(bigint[], date, text, bigint[]) is
'Brings the tiers of customers, whose rows the caller has locked, to what their total_spend says: the tier, its history,
the event, and, the first time a tier is reached by an order, the engagement tier_upgrade and the calls of the tiers
reached and passed. Nobody is called or told for p_history_ids, after a rewind, or when the last order is history; a
change of the tiers (cause settings) tells, but calls nobody. A call that is refused is noted in loyalty_tiers_reached
and never fails the order; one that nobody has begun is cancelled when its tier is lost. Returns the customers
changed.';

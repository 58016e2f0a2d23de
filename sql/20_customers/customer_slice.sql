-- By one label, sorted by value, an index of its own gives the list; by date it is merged from the runs of customers
-- with the same three labels. By what is filtered the plan must see, so it is made for each call; but not the values:
-- of a common label, or near the end of the list, it would think an index without the label to do as well, and read
-- past all who have another.
create or replace function trustcart_private.customer_slice(
    p_customer_type text,
    p_lifecycle_stage text,
    p_temperature text,
    p_sort text,
    p_is_after boolean,
    p_amount numeric,
    p_day date,
    p_id bigint,
    p_limit integer,
    p_offset integer default 0
)
returns table (customer_id bigint, amount numeric, day date)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_filters integer := num_nonnulls(p_customer_type, p_lifecycle_stage, p_temperature);
    v_types text[] := case when p_customer_type is null then array['new', 'repeat', 'vip', 'inactive']
        else array[p_customer_type] end;
    v_stages text[] := case when p_lifecycle_stage is null then array['new', 'active', 'at_risk', 'churned']
        else array[p_lifecycle_stage] end;
    v_temperatures text[] := case when p_temperature is null then array['hot', 'warm', 'cold']
        else array[p_temperature] end;
    -- Before the first order all are alike: no type, prospect, cold, nothing spent. The index by date has them by id.
    v_with_prospects boolean := p_customer_type is null
    and coalesce(p_lifecycle_stage, 'prospect') = 'prospect'
    and coalesce(p_temperature, 'cold') = 'cold';
    v_last bigint := p_limit::bigint + p_offset;
    v_few constant integer := 2000;
    v_ids bigint[];
begin
    if p_sort = 'lifetime_value' and v_filters < 2 and p_lifecycle_stage is distinct from 'prospect' then
        return query
        select
            c.id,
            c.total_spend,
            c.last_order_date
        from trustcart.customers as c
        where
            (p_customer_type is null or c.customer_type = (select p_customer_type))
            and (p_lifecycle_stage is null or c.lifecycle_stage = (select p_lifecycle_stage))
            and (p_temperature is null or c.priority_level = (select p_temperature))
            and (not p_is_after or (c.total_spend, c.id) < ((select p_amount), (select p_id)))
        order by c.total_spend desc, c.id desc
        limit p_limit offset p_offset;
    elsif p_sort = 'lifetime_value' and p_lifecycle_stage = 'prospect' then
        return query
        select
            c.id,
            c.total_spend,
            c.last_order_date
        from trustcart.customers as c
        where
            v_with_prospects
            and c.last_order_date is null
            and (not p_is_after or p_amount > 0 or c.id < (select p_id))
        order by c.last_order_date desc nulls last, c.id desc
        limit p_limit offset p_offset;
    elsif p_sort = 'lifetime_value' then
        -- An index with all labels for this order would cost every order an eighth of its time. Few are sorted here.
        v_ids := array(
            select k.id
            from unnest(v_types) as t (name)
            cross join unnest(v_stages) as s (name)
            cross join unnest(v_temperatures) as l (name)
            cross join lateral (
                select c.id
                from trustcart.customers as c
                where c.lifecycle_stage = s.name and c.priority_level = l.name and c.customer_type = t.name
                limit v_few + 1
            ) as k
            limit v_few + 1
        );
        if cardinality(v_ids) <= v_few then
            return query
            select
                c.id,
                c.total_spend,
                c.last_order_date
            from unnest(v_ids) as i (id)
            inner join trustcart.customers as c on i.id = c.id
            where not p_is_after or (c.total_spend, c.id) < ((select p_amount), (select p_id))
            order by c.total_spend desc, c.id desc
            limit p_limit offset p_offset;
        elsif p_customer_type is not null then
            -- Many are soon found on the way through those of their type: what is spent says least of the other labels
            -- there. The planner would go through the rarest label, where a type may come last, so it does not see them:
            -- behind a function call a third is what it expects.
            return query
            select
                c.id,
                c.total_spend,
                c.last_order_date
            from trustcart.customers as c
            where
                c.customer_type = (select p_customer_type)
                and (p_lifecycle_stage is null or texteq(c.lifecycle_stage, p_lifecycle_stage))
                and (p_temperature is null or texteq(c.priority_level, p_temperature))
                and (not p_is_after or (c.total_spend, c.id) < ((select p_amount), (select p_id)))
            order by c.total_spend desc, c.id desc
            limit p_limit offset p_offset;
        else
            return query
            select
                c.id,
                c.total_spend,
                c.last_order_date
            from trustcart.customers as c
            where
                c.lifecycle_stage = (select p_lifecycle_stage)
                and texteq(c.priority_level, p_temperature)
                and (not p_is_after or (c.total_spend, c.id) < ((select p_amount), (select p_id)))
            order by c.total_spend desc, c.id desc
            limit p_limit offset p_offset;
        end if;
    elsif v_filters = 0 and not p_is_after then
        return query
        select
            c.id,
            c.total_spend,
            c.last_order_date
        from trustcart.customers as c
        order by c.last_order_date desc nulls last, c.id desc
        limit p_limit offset p_offset;
    elsif v_filters = 0 then
        -- Who has ordered, and after them who has not: a comparison of rows would find none of the latter.
        return query
        select
            r.id,
            r.total_spend,
            r.last_order_date
        from (
            (
                select
                    c.id,
                    c.total_spend,
                    c.last_order_date
                from trustcart.customers as c
                where p_day is not null and (c.last_order_date, c.id) < ((select p_day), (select p_id))
                order by c.last_order_date desc nulls last, c.id desc
                limit v_last
            )
            union all
            (
                select
                    c.id,
                    c.total_spend,
                    c.last_order_date
                from trustcart.customers as c
                where c.last_order_date is null and (p_day is not null or c.id < (select p_id))
                order by c.last_order_date desc nulls last, c.id desc
                limit v_last
            )
        ) as r
        order by r.last_order_date desc nulls last, r.id desc
        limit p_limit offset p_offset;
    else
        -- Who has a type has ordered; who has none has not, and goes by the id.
        return query
        select
            r.id,
            r.total_spend,
            r.last_order_date
        from (
            select
                k.id,
                k.total_spend,
                k.last_order_date
            from unnest(v_types) as t (name)
            cross join unnest(v_stages) as s (name)
            cross join unnest(v_temperatures) as l (name)
            cross join lateral (
                select
                    c.id,
                    c.total_spend,
                    c.last_order_date
                from trustcart.customers as c
                where
                    c.lifecycle_stage = s.name
                    and c.priority_level = l.name
                    and c.customer_type = t.name
                    and (
                        not p_is_after
                        or p_day is not null and (c.last_order_date, c.id) < ((select p_day), (select p_id))
                    )
                order by c.last_order_date desc nulls last, c.id desc
                limit v_last
            ) as k
            union all
            (
                select
                    c.id,
                    c.total_spend,
                    c.last_order_date
                from trustcart.customers as c
                where
                    v_with_prospects
                    and c.last_order_date is null
                    and (not p_is_after or p_day is not null or c.id < (select p_id))
                order by c.last_order_date desc nulls last, c.id desc
                limit v_last
            )
        ) as r
        order by r.last_order_date desc nulls last, r.id desc
        limit p_limit offset p_offset;
    end if;
end;
$$;
comment on function trustcart_private.customer_slice(
    text, text, text, text, boolean, numeric, date, bigint, integer, integer
) is
'A stretch of all customers with these labels (null: any), by lifetime_value or else by last_order_date, the highest
first, after the one with p_amount or p_day and p_id where p_is_after: whatever is asked for, by index. It asks nobody
who may see whom: find_customers() does.';

create or replace function trustcart_api.list_customer360(
    p_customer_type text default null,
    p_lifecycle_stage text default null,
    p_temperature text default null,
    p_limit integer default 50,
    p_offset integer default 0,
    p_sort text default 'lifetime_value'
)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
-- The filters given choose the index, so the plan must see them.
set plan_cache_mode = force_custom_plan
as $$
declare
    v_wrong text;
    v_limit integer := coalesce(p_limit, 50);
    v_offset integer := coalesce(p_offset, 0);
    v_sort text := coalesce(p_sort, 'lifetime_value');
    v_ids bigint [];
begin
    select format('%s %L is unknown', a.argument, a.value) || '|' || array_to_string(a.allowed, ', ')
    into v_wrong
    from (
        values
        ('customerType', p_customer_type, array['new', 'repeat', 'vip', 'inactive']),
        ('lifecycleStage', p_lifecycle_stage, array['prospect', 'new', 'active', 'at_risk', 'churned']),
        ('temperature', p_temperature, array['hot', 'warm', 'cold']),
        ('sort', v_sort, array['lifetime_value', 'last_order_date'])
    ) as a (argument, value, allowed)
    where a.value <> all(a.allowed)
    limit 1;
    if v_wrong is not null then
        raise exception using
            errcode = 'TC002',
            message = split_part(v_wrong, '|', 1),
            hint = 'One of: ' || split_part(v_wrong, '|', 2) || '.';
    end if;
    if v_limit not between 1 and 500 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', v_limit),
            hint = 'Give 1 to 500.';
    end if;
    if v_offset < 0 then
        raise exception using
            errcode = 'TC005',
            message = format('offset %s is out of bounds', v_offset),
            hint = 'Give 0 or more.';
    end if;

    -- The page is found in the index alone; only its rows are then looked at in full.
    if v_sort = 'lifetime_value' then
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where
                (p_customer_type is null or c.customer_type = p_customer_type)
                and (p_lifecycle_stage is null or c.lifecycle_stage = p_lifecycle_stage)
                and (p_temperature is null or c.priority_level = p_temperature)
            order by c.total_spend desc, c.id desc
            limit v_limit offset v_offset
        );
    else
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where
                (p_customer_type is null or c.customer_type = p_customer_type)
                and (p_lifecycle_stage is null or c.lifecycle_stage = p_lifecycle_stage)
                and (p_temperature is null or c.priority_level = p_temperature)
            order by c.last_order_date desc nulls last, c.id desc
            limit v_limit offset v_offset
        );
    end if;
    return coalesce(
        (
            select
                jsonb_agg(
                    to_jsonb(v) || jsonb_build_object(
                        'lifetime_value', trim_scale(v.lifetime_value),
                        'avg_order_value', trim_scale(v.avg_order_value)
                    )
                    order by i.position
                )
            from unnest(v_ids) with ordinality as i (id, position)
            inner join trustcart.customer_360_view as v on i.id = v.customer_id
        ),
        '[]'
    );
end;
$$;
comment on function trustcart_api.list_customer360(text, text, text, integer, integer, text) is
'GET /cdm/customer360: a page of customer_360_view as an array, sorted by lifetime_value (or, p_sort, last_order_date),
the highest first. Filters that are null do not apply. TC002 for a value that is none of its vocabulary, TC005 for a
limit out of 1 to 500 or a negative offset. For deep pages read the view by key instead.';

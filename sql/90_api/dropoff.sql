-- requires: business_date

create or replace function trustcart_api.dropoff(p_risk_level text default null, p_limit integer default 50)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_levels text [] := array['low', 'medium', 'high', 'critical'];
    v_limit integer := coalesce(p_limit, 50);
    v_today date := trustcart.business_date();
begin
    if p_risk_level <> all(v_levels) then
        raise exception using
            errcode = 'TC002',
            message = format('riskLevel %L is unknown', p_risk_level),
            hint = 'One of: ' || array_to_string(v_levels, ', ') || '.';
    end if;
    if v_limit not between 1 and 500 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', v_limit),
            hint = 'Give 1 to 500.';
    end if;
    -- A page of each level, from the index, makes the page of all.
    return coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'customer_id', e.customer_id,
                        'name', e.name,
                        'last_active_date', e.last_active_date,
                        'days_inactive', v_today - e.last_active_date,
                        'risk_level', e.risk_level,
                        'lifetime_value', trim_scale(e.total_spend),
                        'recovery_attempted', e.recovery_attempted
                    )
                    order by e.last_active_date desc, e.customer_id
                )
            from (
                select
                    d.customer_id,
                    d.name,
                    d.last_active_date,
                    d.risk_level,
                    d.total_spend,
                    d.recovery_attempted
                from unnest(v_levels) as l (risk_level)
                cross join lateral (
                    select
                        t.customer_id,
                        nullif(concat_ws(' ', c.first_name, c.last_name), '') as name,
                        t.last_active_date,
                        t.risk_level,
                        c.total_spend,
                        t.recovery_attempted
                    from trustcart.customer_dropoff_tracking as t
                    inner join trustcart.customers as c on t.customer_id = c.id
                    where t.risk_level = l.risk_level and t.closed_on is null and c.is_active
                    order by t.last_active_date desc, t.customer_id
                    limit v_limit
                ) as d
                where p_risk_level is null or l.risk_level = p_risk_level
                order by d.last_active_date desc, d.customer_id
                limit v_limit
            ) as e
        ),
        '[]'
    );
end;
$$;
comment on function trustcart_api.dropoff(text, integer) is
'GET /cdm/dropoff: the open dropoff episodes of active customers as an array, the latest lost first, days_inactive
counted to business_date(). TC002 for an unknown risk level, TC005 for a limit out of 1 to 500.';

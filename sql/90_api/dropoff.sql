-- requires: business_date, dropoff_bounds

create or replace function trustcart_api.dropoff(
    p_risk_level text default null,
    p_limit integer default 50,
    p_after text default null
)
returns jsonb
language sql stable parallel safe
security invoker
begin atomic
-- A page of each level, from the index, makes the page of all.
select
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'customer_id', e.customer_id,
                'name', e.name,
                'last_active_date', e.last_active_date,
                'days_inactive', trustcart.business_date() - e.last_active_date,
                'risk_level', e.risk_level,
                'lifetime_value', trim_scale(e.total_spend),
                'recovery_attempted', e.recovery_attempted
            )
            order by e.last_active_date desc, e.customer_id asc
        ),
        '[]'
    ) as episodes
from (
    select
        d.customer_id,
        d.name,
        d.last_active_date,
        d.risk_level,
        d.total_spend,
        d.recovery_attempted
    from trustcart_private.dropoff_bounds(p_risk_level, p_limit, p_after) as g
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
        where
            t.risk_level = g.risk_level
            and t.closed_on is null
            and c.is_active
            and t.last_active_date <= g.from_day
            and (t.last_active_date < g.from_day or t.customer_id > g.from_id)
        order by t.last_active_date desc, t.customer_id asc
        limit g.row_limit
    ) as d
    order by d.last_active_date desc, d.customer_id asc
    limit greatest(coalesce(p_limit, 50), 1)
) as e;
end;

comment on function trustcart_api.dropoff(text, integer, text) is
'GET /cdm/dropoff: the open dropoff episodes of active customers as an array, the latest lost first, days_inactive
counted to business_date(). The page after another is reached by p_after: of that page''s last row last_active_date, _
and customer_id, such as 2026-01-31_42. A page shorter than p_limit is the last. TC002 for an unknown risk level, TC005
for a limit out of 1 to 500 or a p_after that is none.';

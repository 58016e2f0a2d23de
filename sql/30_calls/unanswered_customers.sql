-- requires: day_part_of

create or replace function trustcart_private.unanswered_customers(
    p_customer_ids bigint[], p_date date, p_settings trustcart.settings
)
returns table (customer_id bigint, mornings bigint, afternoons bigint, evenings bigint)
language plpgsql stable parallel safe
security definer
rows 1000
set search_path = pg_catalog, pg_temp
-- A few customers are looked up by index, many are joined: only with the array and the date at hand can the planner
-- tell, whatever the caller has set.
set plan_cache_mode = force_custom_plan
set enable_nestloop = on
set jit = off
as $$
#variable_conflict use_column
declare
    v_day_begins timestamptz := p_date::timestamp at time zone p_settings.time_zone;
begin
    return query
    with attempts as materialized (
        select
            a.customer_id,
            a.attempted_at,
            trustcart_private.outcome_word(a.outcome) as outcome
        from trustcart.crm_call_attempts as a
        where
            a.customer_id in (select w.id from unnest(p_customer_ids) as w (id))
            and a.attempted_at < v_day_begins
            and a.attempted_at >= v_day_begins - interval '60 days'
    ),

    -- An outcome that is no retry means that somebody answered.
    counted as (
        select
            a.customer_id,
            o.max_attempts,
            trustcart_private.day_part_of(
                extract(hour from a.attempted_at at time zone p_settings.time_zone)::integer
            ) as part,
            count(*) filter (where o.outcome is null) over (
                partition by a.customer_id
                order by a.attempted_at desc
            ) as answered
        from attempts as a
        left join trustcart.call_outcomes as o on a.outcome = o.outcome and o.next_step = 'retry'
    )

    select
        c.customer_id,
        count(*) filter (where c.part = 'morning'),
        count(*) filter (where c.part = 'afternoon'),
        count(*) filter (where c.part = 'evening')
    from counted as c
    where c.answered = 0
    group by c.customer_id
    having count(*) >= max(c.max_attempts);
end;
$$;
comment on function trustcart_private.unanswered_customers(bigint[], date, trustcart.settings) is
'Those of the given customers who, when the date begins, did not answer as often as call_outcomes allows one task, and
how often they were tried in each part of the day since anybody answered; what is older than sixty days is forgotten.';

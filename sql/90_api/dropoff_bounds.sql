-- requires: read_cursor

create or replace function trustcart_private.dropoff_bounds(p_risk_level text, p_limit integer, p_after text)
returns table (risk_level text, from_day date, from_id bigint, row_limit integer)
language plpgsql immutable parallel safe
security definer
rows 4
set search_path = pg_catalog, pg_temp
as $$
declare
    v_levels text[] := array['low', 'medium', 'high', 'critical'];
    v_limit integer := coalesce(p_limit, 50);
begin
    if p_risk_level <> all(v_levels) then
        raise exception using
            errcode = 'TC002',
            message = format('riskLevel %L is unknown', p_risk_level),
            hint = 'One of: ' || array_to_string(v_levels, ', ') || '.';
    elsif v_limit not between 1 and 500 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', v_limit),
            hint = 'Give 1 to 500.';
    end if;
    return query
    select
        l.risk_level,
        coalesce(r.day, case when r.is_given then '-infinity' else 'infinity' end::date),
        coalesce(r.customer_id, 0),
        v_limit
    from unnest(v_levels) as l (risk_level)
    cross join trustcart_private.read_cursor(p_after, 'last_active_date') as r
    where p_risk_level is null or l.risk_level = p_risk_level;
end;
$$;
comment on function trustcart_private.dropoff_bounds(text, integer, text) is
'What dropoff() reads: the risk levels, in each as many rows as the page has, from this date back, of the date itself
the ids after from_id. TC002 for an unknown level, TC005 for a limit out of 1 to 500 or an after that is none.';

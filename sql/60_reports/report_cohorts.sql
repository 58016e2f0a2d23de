-- requires: require_date, business_date

create or replace function trustcart.report_cohorts(p_as_of date default trustcart.business_date())
returns table (
    cohort text,
    customers integer,
    month_1 numeric,
    month_2 numeric,
    month_3 numeric,
    month_4 numeric,
    month_5 numeric,
    month_6 numeric,
    month_9 numeric,
    month_12 numeric,
    month_24 numeric,
    value_per_customer numeric
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_month date := date_trunc('month', v_as_of);
begin
    return query
    select
        to_char(r.cohort, 'YYYY-MM'),
        max(r.cohort_customers),
        -- A month in which nobody came back is 0; one that is still to come says nothing.
        case when c.age >= 1 then coalesce(max(100 * r.retention) filter (where r.month_number = 1), 0) end,
        case when c.age >= 2 then coalesce(max(100 * r.retention) filter (where r.month_number = 2), 0) end,
        case when c.age >= 3 then coalesce(max(100 * r.retention) filter (where r.month_number = 3), 0) end,
        case when c.age >= 4 then coalesce(max(100 * r.retention) filter (where r.month_number = 4), 0) end,
        case when c.age >= 5 then coalesce(max(100 * r.retention) filter (where r.month_number = 5), 0) end,
        case when c.age >= 6 then coalesce(max(100 * r.retention) filter (where r.month_number = 6), 0) end,
        case when c.age >= 9 then coalesce(max(100 * r.retention) filter (where r.month_number = 9), 0) end,
        case when c.age >= 12 then coalesce(max(100 * r.retention) filter (where r.month_number = 12), 0) end,
        case when c.age >= 24 then coalesce(max(100 * r.retention) filter (where r.month_number = 24), 0) end,
        max(r.value_per_customer) filter (where r.month_number <= c.age)
    from trustcart.cohort_retention as r
    cross join lateral (
        select
            (extract(year from v_month) - extract(year from r.cohort)) * 12
            + extract(month from v_month) - extract(month from r.cohort) as age
    ) as c
    where r.cohort <= v_month
    group by r.cohort, c.age
    order by r.cohort;
end;
$$;
comment on function trustcart.report_cohorts(date) is
'The customers of each month of first order: how many, how many percent of them ordered in a month since (null while it
is to come, the date''s own month as far as it is counted), and what one has brought on average up to the date''s
month, in taka. Counted by refresh_cohorts(). Errors: TC001.';

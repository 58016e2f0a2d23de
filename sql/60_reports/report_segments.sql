-- requires: customer_state, require_date, business_date

create or replace function trustcart.report_segments(p_as_of date default trustcart.business_date())
returns table (
    customer_type text,
    temperature text,
    customer_count bigint,
    total_revenue numeric,
    avg_lifetime_value numeric
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        s.customer_type,
        s.priority_level,
        count(*),
        sum(s.total_spend),
        round(avg(s.total_spend), 2)
    from trustcart.customer_state(trustcart_private.require_date(p_as_of)) as s
    group by s.customer_type, s.priority_level
    order by sum(s.total_spend) desc, s.customer_type, s.priority_level;
end;
$$;
comment on function trustcart.report_segments(date) is
'Customers by type and temperature as of a date, past ones too: how many, their revenue, and its mean, in taka. The type
is null for those who had not ordered. Guide, "Customer Segmentation Report". Errors: TC001.';

-- requires: customer_type_of, lifecycle_stage_of, priority_level_of, risk_level_of, business_date, require_date

create or replace function trustcart.customer_state(p_as_of date default trustcart.business_date())
returns table (
    customer_id bigint,
    order_count integer,
    total_spend numeric,
    first_order_date date,
    last_order_date date,
    days_since_last_order integer,
    customer_type text,
    lifecycle_stage text,
    priority_level text,
    risk_level text
)
language sql stable parallel safe
security invoker
begin atomic
select
    c.id as customer_id,
    coalesce(o.order_count, 0) as order_count,
    coalesce(o.total_spend, 0) as total_spend,
    o.first_order_date,
    o.last_order_date,
    p_as_of - o.last_order_date as days_since_last_order,
    trustcart_private.customer_type_of(
        coalesce(o.order_count, 0), o.total_spend, p_as_of - o.last_order_date, s
    ) as customer_type,
    trustcart_private.lifecycle_stage_of(
        coalesce(o.order_count, 0), p_as_of - o.last_order_date, s
    ) as lifecycle_stage,
    trustcart_private.priority_level_of(p_as_of - o.last_order_date, s) as priority_level,
    trustcart_private.risk_level_of(p_as_of - o.last_order_date, s) as risk_level
from trustcart.customers as c
left join (
    select
        so.customer_id,
        count(*)::integer as order_count,
        sum(so.total_amount) as total_spend,
        min(so.order_date) as first_order_date,
        max(so.order_date) as last_order_date
    from trustcart.sales_orders as so
    inner join trustcart.order_statuses as os on so.status = os.status and os.counts
    where so.order_date <= p_as_of
    group by so.customer_id
) as o on c.id = o.customer_id
cross join trustcart.settings as s
where trustcart_private.require_date(p_as_of) is not null;
end;

comment on function trustcart.customer_state(date) is
'The state of every customer as of a date, past or future, counted from scratch from the orders up to it. Writes
nothing: what a plan, a replay or a report of another day reads. Amounts in taka. Errors: TC001.';

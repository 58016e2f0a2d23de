-- requires: check_period

create or replace function trustcart.call_conversions(p_from date, p_to date, p_days integer default 7)
returns table (
    agent_id bigint,
    agent_name text,
    calls bigint,
    customers_called bigint,
    converted_customers bigint,
    orders bigint,
    revenue numeric,
    conversion_rate numeric
)
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
begin
    perform trustcart.check_period(p_from, p_to);
    if (p_days between 0 and 3650) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('%s is not a number of days', coalesce(p_days::text, 'null')),
            hint = 'Give 0 for orders on the day of the call alone, or up to 3650 days after it.';
    end if;

    return query
    with calls as (
        select
            t.id,
            t.customer_id,
            t.assigned_agent_id as agent_id,
            (t.completed_at at time zone v_time_zone)::date as called_on
        from trustcart.crm_call_tasks as t
        where
            t.status = 'completed'
            and t.completed_at >= p_from::timestamp at time zone v_time_zone
            and t.completed_at < (p_to + 1)::timestamp at time zone v_time_zone
    ),

    -- Each order once: it belongs to the customer's latest completed call at or before it, whoever made that, also when
    -- it is a call of after the period, which then takes it away from one within.
    won as (
        select
            k.agent_id,
            o.customer_id,
            o.total_amount
        from trustcart.sales_orders as o
        inner join trustcart.order_statuses as s on o.status = s.status and s.counts
        cross join lateral (
            select t.id
            from trustcart.crm_call_tasks as t
            where
                t.customer_id = o.customer_id
                and t.status = 'completed'
                and t.completed_at < (o.order_date + 1)::timestamp at time zone v_time_zone
                -- An order of the day of the call, if its hour is known, may have been there before it.
                and (
                    o.ordered_at is null
                    or t.completed_at <= o.ordered_at
                    or t.completed_at < o.order_date::timestamp at time zone v_time_zone
                )
            order by t.completed_at desc, t.id desc
            limit 1
        ) as latest
        inner join calls as k on latest.id = k.id
        where o.order_date between p_from and p_to + p_days and o.order_date <= k.called_on + p_days
    ),

    called as (
        select
            k.agent_id,
            count(*) as calls,
            count(distinct k.customer_id) as customers_called
        from calls as k
        group by k.agent_id
    ),

    converted as (
        select
            w.agent_id,
            count(distinct w.customer_id) as converted_customers,
            count(*) as orders,
            sum(w.total_amount) as revenue
        from won as w
        group by w.agent_id
    ),

    agents as (
        select
            u.id as agent_id,
            u.name
        from trustcart.users as u
        where u.role = 'crm_agent' or u.id in (select x.agent_id from called as x)
        union all
        select
            null,
            null
        where exists (select from called as x where x.agent_id is null)
    )

    select
        a.agent_id,
        a.name,
        coalesce(x.calls, 0),
        coalesce(x.customers_called, 0),
        coalesce(v.converted_customers, 0),
        coalesce(v.orders, 0),
        coalesce(v.revenue, 0),
        coalesce(round(v.converted_customers * 100.0 / nullif(x.customers_called, 0), 2), 0)
    from agents as a
    left join called as x on a.agent_id is not distinct from x.agent_id
    left join converted as v on a.agent_id is not distinct from v.agent_id
    order by coalesce(v.revenue, 0) desc, coalesce(v.orders, 0) desc, coalesce(x.calls, 0) desc, a.agent_id;
end;
$$;
comment on function trustcart.call_conversions(date, date, integer) is
'What calls led to, by agent: the tasks completed from p_from to p_to (by the business date of completed_at), the
customers called, and the counted orders, in taka, from the day of the call to p_days after it. An order belongs to
the customer''s latest completed call at or before it and to no other, so orders and revenue may be added up over
agents and over periods; a customer whom two agents called counts for both. conversion_rate is converted of called
customers, in percent, 0 of none. agent_id null: calls that nobody owned. TC001 and TC005 for the dates, TC005 for the
days.';

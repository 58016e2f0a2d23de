-- requires: page_frame, team_of_caller, report_span, call_conversions, to_business_date, business_date

create or replace function trustcart_api.page_team_conversions(p_period text default 'daily', p_date text default null)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_team bigint[] := trustcart_private.team_of_caller();
    v_frame jsonb := trustcart_api.page_frame();
    v_date date := coalesce(trustcart.to_business_date(p_date), trustcart.business_date());
    v_period text := coalesce(nullif(lower(btrim(p_period)), ''), 'daily');
    v_span record;
begin
    select s.* into v_span from trustcart_private.report_span(v_period, v_date) as s;
    return (
        with conversions as materialized (
            select
                x.is_now,
                c.*
            from (
                values
                (true, v_span.date_from, v_span.date_to),
                (false, v_span.previous_from, v_span.previous_to)
            ) as x (is_now, date_from, date_to)
            cross join lateral trustcart.call_conversions(x.date_from, x.date_to) as c
            where v_team is null or c.agent_id = any(v_team)
        ),

        totals as materialized (
            select
                c.is_now,
                coalesce(sum(c.calls), 0) as calls,
                coalesce(sum(c.orders), 0) as orders,
                coalesce(sum(c.revenue), 0) as revenue,
                round(sum(c.revenue) / nullif(sum(c.calls), 0), 2) as revenue_a_call
            from conversions as c
            group by c.is_now
        )

        select
            jsonb_build_object(
                'frame', v_frame,
                'period', v_period,
                'day', v_date,
                'from', v_span.date_from,
                'to', v_span.date_to,
                'previous_from', v_span.previous_from,
                'previous_to', v_span.previous_to,
                'is_running', v_span.is_running,
                'is_open', v_span.date_to + 7 >= trustcart.business_date(),
                'totals', (
                    select jsonb_agg(
                        jsonb_build_object(
                            'name', m.name, 'value', m.value, 'previous', m.previous, 'change', m.value - m.previous
                        )
                        order by m.position
                    )
                    from (select) as one
                    left join totals as n on n.is_now
                    left join totals as p on not p.is_now
                    cross join lateral (
                        values
                        (1, 'calls', coalesce(n.calls, 0), coalesce(p.calls, 0)),
                        (2, 'orders', coalesce(n.orders, 0), coalesce(p.orders, 0)),
                        (3, 'revenue', coalesce(n.revenue, 0), coalesce(p.revenue, 0)),
                        (4, 'revenue_a_call', n.revenue_a_call, p.revenue_a_call)
                    ) as m (position, name, value, previous)
                ),
                'agents', (
                    select coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'agent_id', n.agent_id,
                                'agent_name', n.agent_name,
                                'calls', n.calls,
                                'customers_called', n.customers_called,
                                'converted_customers', n.converted_customers,
                                'conversion_rate', n.conversion_rate,
                                'orders', n.orders,
                                'revenue', n.revenue,
                                'orders_change', n.orders - coalesce(p.orders, 0),
                                'revenue_change', n.revenue - coalesce(p.revenue, 0)
                            )
                            order by n.revenue desc, n.orders desc, n.calls desc, n.agent_id
                        ),
                        '[]'
                    )
                    from conversions as n
                    left join conversions as p on n.agent_id is not distinct from p.agent_id and not p.is_now
                    where n.is_now and (n.calls > 0 or p.calls > 0)
                )
            )
    );
end;
$$;
comment on function trustcart_api.page_team_conversions(text, text) is
'The team dashboard''s fragment of what the calls of a day, week or month led to, against the one before
(report_span()), by call_conversions() within 7 days: totals, each with value, previous and change; agents who completed
calls, the highest revenue first, agent_id null for calls that nobody owned; is_open: orders may still come. Amounts in
taka, rates in percent. Managers see all agents, team leaders their team. TC001 date, TC002 period, TC402 when nobody is
signed in, TC403 for an agent without a team.';

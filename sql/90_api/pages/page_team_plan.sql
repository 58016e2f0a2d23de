-- requires: page_frame, team_of_caller, plan_daily_call_tasks, drop_reason, agent_capacity
-- requires: check_agent_access, to_business_date, business_date

create or replace function trustcart_api.page_team_plan(
    p_date text default null,
    p_decision text default 'kept',
    p_agent_id bigint default null,
    p_after integer default 0
)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_rows constant integer := 50;
    v_team bigint[] := trustcart_private.team_of_caller();
    v_frame jsonb := trustcart_api.page_frame();
    v_date date := coalesce(trustcart.to_business_date(p_date), trustcart.business_date() + 1);
    v_decision text := coalesce(nullif(btrim(p_decision), ''), 'kept');
    v_after integer := coalesce(p_after, 0);
begin
    if v_decision not in ('kept', 'dropped') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a decision of the plan', p_decision),
            hint = 'Known are kept and dropped.';
    elsif v_after < 0 then
        raise exception using
            errcode = 'TC005',
            message = format('after is %s', v_after),
            hint = 'Give the number of rows seen, or leave it out.';
    end if;
    perform trustcart.check_agent_access(p_agent_id);
    return (
        -- Whom a plan calls is nobody's yet: of those, a leader's are the team's calls, and of the dropped its customers.
        with plan as materialized (
            select
                p.customer_id,
                p.task_type,
                p.priority,
                p.priority_rank,
                p.agent_id,
                p.decision,
                p.why,
                p.why_agent,
                p.list_position,
                p.total_spend,
                p.customer_type,
                p.first_planned_on,
                p.value_at_stake
            from trustcart.plan_daily_call_tasks(v_date) as p
            where
                v_team is null
                or p.agent_id = any(v_team)
                or (
                    p.decision = 'dropped'
                    and p.customer_id in (select v.customer_id from trustcart_private.customers_of_caller as v)
                )
        ),

        -- Which reason a sentence stands for is asked once a sentence, not once a customer.
        reasons as materialized (
            select
                trustcart.drop_reason(s.why, s.task_type) as reason,
                sum(s.customers) as customers
            from (
                select
                    p.why,
                    p.task_type,
                    count(*) as customers
                from plan as p
                where p.decision = 'dropped'
                group by p.why, p.task_type
            ) as s
            group by 1
        ),

        agents as materialized (
            select
                a.agent_id,
                u.name as agent_name,
                a.absence,
                a.max_calls,
                coalesce(x.calls, 0) as calls,
                coalesce(x.hot, 0) as hot,
                coalesce(x.warm, 0) as warm,
                coalesce(x.cold, 0) as cold
            from trustcart_private.agent_capacity(v_date) as a
            inner join trustcart.users as u on a.agent_id = u.id
            left join (
                select
                    p.agent_id,
                    count(*) as calls,
                    count(*) filter (where p.priority_rank = 1) as hot,
                    count(*) filter (where p.priority_rank = 2) as warm,
                    count(*) filter (where p.priority_rank = 3) as cold
                from plan as p
                where p.decision = 'kept'
                group by p.agent_id
            ) as x on a.agent_id = x.agent_id
            where v_team is null or a.agent_id = any(v_team)
        ),

        listed as materialized (
            select p.*
            from plan as p
            where p.decision = v_decision and (p_agent_id is null or p.agent_id = p_agent_id)
            order by p.list_position nulls last, p.priority_rank, p.total_spend desc, p.customer_id
            offset v_after
            limit c_rows + 1
        ),

        shown as materialized (
            select
                l.*,
                row_number() over (
                    order by l.list_position nulls last, l.priority_rank, l.total_spend desc, l.customer_id
                ) as place,
                v_team is null or exists (
                    select from trustcart_private.customers_of_caller as v where v.customer_id = l.customer_id
                ) as is_visible
            from listed as l
        )

        select
            jsonb_build_object(
                'frame', v_frame,
                'day', v_date,
                'is_past', v_date < trustcart.business_date(),
                'holiday', (select h.name from trustcart.shop_holidays as h where h.holiday_on = v_date),
                'is_whole_shop', v_team is null,
                'decision', v_decision,
                'agent_id', p_agent_id,
                'after', v_after,
                'next_after', case when (select count(*) from shown) > c_rows then v_after + c_rows end,
                'kept', (select count(*) from plan as p where p.decision = 'kept'),
                'dropped', (select count(*) from plan as p where p.decision = 'dropped'),
                'by_type', (
                    select coalesce(jsonb_agg(to_jsonb(x) order by x.calls desc, x.task_type), '[]')
                    from (
                        select
                            p.task_type,
                            count(*) as calls,
                            count(*) filter (where p.priority_rank = 1) as hot,
                            count(*) filter (where p.priority_rank = 2) as warm,
                            count(*) filter (where p.priority_rank = 3) as cold
                        from plan as p
                        where p.decision = 'kept'
                        group by p.task_type
                    ) as x
                ),
                'by_reason', (
                    select coalesce(jsonb_agg(to_jsonb(r) order by r.customers desc, r.reason), '[]')
                    from reasons as r
                ),
                'agents', (
                    select coalesce(jsonb_agg(to_jsonb(a) order by a.agent_name, a.agent_id), '[]')
                    from agents as a
                ),
                'rows', (
                    select coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'customer_id', case when s.is_visible then s.customer_id end,
                                'customer_name', case
                                    when s.is_visible then nullif(concat_ws(' ', c.first_name, c.last_name), '')
                                end,
                                'is_visible', s.is_visible,
                                'customer_type', s.customer_type,
                                'task_type', s.task_type,
                                'priority', s.priority,
                                'total_spend', s.total_spend,
                                'value_at_stake', s.value_at_stake,
                                'list_position', s.list_position,
                                'first_planned_on', s.first_planned_on,
                                'agent_id', s.agent_id,
                                'agent_name', u.name,
                                'why', s.why,
                                'why_agent', s.why_agent
                            )
                            order by s.place
                        ),
                        '[]'
                    )
                    from shown as s
                    inner join trustcart.customers as c on s.customer_id = c.id
                    left join trustcart.users as u on s.agent_id = u.id
                    where s.place <= c_rows
                )
            )
    );
end;
$$;
comment on function trustcart_api.page_team_plan(text, text, bigint, integer) is
'The team dashboard''s plan of a date (default: tomorrow), by plan_daily_call_tasks(), which writes nothing and takes as
long as there are customers: how many are kept and dropped; kept ones by_type and priority; dropped ones by_reason
(drop_reason()); agents with the calls planned for each and the most that the day holds; fifty rows of p_decision (kept,
dropped), after p_after of them and, if given, of an agent: whom, why, by whom, and why by that one, and
value_at_stake. next_after: there
are more. Managers see all. Team leaders: calls planned for the team, and dropped customers of theirs; a customer who is
not theirs until that day has no id and no name (is_visible false). Amounts in taka. TC001 date, TC002 decision, TC005
after, TC402 when nobody is signed in, TC403 for an agent without a team, and a leader who names somebody of another.';

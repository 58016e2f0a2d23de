-- requires: page_frame, team_of_caller, agent_availability, check_agent_access, to_business_date, business_date

create or replace function trustcart_api.page_team_calls(
    p_agent_id bigint default null, p_date text default null, p_after bigint default null
)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
-- An agent's calls or the pool's: other rows of other indexes.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_rows constant integer := 50;
    v_team bigint[] := trustcart_private.team_of_caller();
    v_frame jsonb := trustcart_api.page_frame();
    v_date date := coalesce(trustcart.to_business_date(p_date), trustcart.business_date());
    v_name text := trustcart.user_name(p_agent_id);
    v_after_rank smallint;
    v_after_position integer;
begin
    if p_agent_id is null and v_team is not null then
        raise exception using
            errcode = 'TC003',
            message = 'agentId is required',
            hint = 'Name somebody of the team; the calls of nobody are the managers''.';
    end if;
    perform trustcart.check_agent_access(p_agent_id);
    if p_agent_id is not null and v_name is null then
        raise exception using
            errcode = 'TC004',
            message = format('there is no agent %s', p_agent_id),
            hint = 'Choose one of the list.';
    end if;
    -- Wherever that call went meanwhile, its place in the list it had.
    select
        t.priority_rank,
        coalesce(t.list_position, 0)
    into v_after_rank, v_after_position
    from trustcart.crm_call_tasks as t
    where t.id = p_after;

    return (
        with listed as materialized (
            select t.*
            from trustcart.crm_call_tasks as t
            where
                t.task_date = v_date
                and t.status = 'pending'
                and (t.assigned_agent_id = p_agent_id or (p_agent_id is null and t.assigned_agent_id is null))
                and (
                    v_after_rank is null
                    or (t.priority_rank, coalesce(t.list_position, 0), t.id) > (v_after_rank, v_after_position, p_after)
                )
            order by t.priority_rank, coalesce(t.list_position, 0), t.id
            limit c_rows + 1
        ),

        numbered as materialized (
            select
                l.*,
                row_number() over (order by l.priority_rank, coalesce(l.list_position, 0), l.id) as place
            from listed as l
        )

        select
            jsonb_build_object(
                'frame', v_frame,
                'day', v_date,
                'is_past', v_date < trustcart.business_date(),
                'agent_id', p_agent_id,
                'agent_name', v_name,
                'is_first', v_after_rank is null,
                'next_after', (
                    select n.id from numbered as n
                    where n.place = c_rows and exists (select from numbered as m where m.place > c_rows)
                ),
                'others', (
                    select coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'agent_id', a.agent_id,
                                'agent_name', a.agent_name,
                                'absence', a.absence,
                                'room', a.room
                            )
                            order by a.agent_name, a.agent_id
                        ),
                        '[]'
                    )
                    from trustcart.agent_availability(v_date) as a
                    where a.agent_id is distinct from p_agent_id and (v_team is null or a.agent_id = any(v_team))
                ),
                'rows', (
                    select coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'id', n.id,
                                'customer_id', n.customer_id,
                                'customer_name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                                'task_type', n.task_type,
                                'priority', n.priority,
                                'due_at', to_char(n.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                                'first_planned_on', n.first_planned_on,
                                'why_agent', n.why_agent,
                                'claimed_by', n.claimed_by,
                                'claimed_by_name', k.name,
                                'is_begun', n.started_at is not null
                            )
                            order by n.place
                        ),
                        '[]'
                    )
                    from numbered as n
                    inner join trustcart.customers as c on n.customer_id = c.id
                    left join trustcart.users as k on n.claimed_by = k.id
                    where n.place <= c_rows
                )
            )
    );
end;
$$;
comment on function trustcart_api.page_team_calls(bigint, text, bigint) is
'The team dashboard''s list of the open calls of an agent on a date (default: today), or of nobody, the pool: fifty, in
the order of the list, after the call p_after; next_after: there are more. others: to whom they may be handed over, with
the room that the day has. Managers see all; team leaders their team, and not the pool. TC001 date, TC003 a leader who
names nobody, TC004 no such agent, TC402 when nobody is signed in, TC403 for an agent without a team, and a leader who
names somebody of another.';

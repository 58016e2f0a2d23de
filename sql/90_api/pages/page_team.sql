-- requires: page_frame, team_of_caller, report_span, agent_availability, next_working_day, to_business_date
-- requires: business_date

create or replace function trustcart_api.page_team(p_period text default 'daily', p_date text default null)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_leaves constant integer := 50;
    v_team bigint[] := trustcart_private.team_of_caller();
    v_frame jsonb := trustcart_api.page_frame();
    v_today date := trustcart.business_date();
    v_date date := coalesce(trustcart.to_business_date(p_date), v_today);
    v_period text := coalesce(nullif(lower(btrim(p_period)), ''), 'daily');
    v_span record;
    v_agents jsonb;
    v_leaves jsonb;
begin
    select s.* into v_span from trustcart_private.report_span(v_period, v_date) as s;

    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'agent_id', a.agent_id,
                    'agent_name', a.agent_name,
                    'absence', a.absence,
                    'works_from', to_char(a.works_from, 'HH24:MI'),
                    'works_until', to_char(a.works_until, 'HH24:MI'),
                    'max_calls', a.max_calls,
                    'calls', a.calls,
                    'room', a.room
                )
                order by a.agent_name, a.agent_id
            ),
            '[]'
        )
    into v_agents
    from trustcart.agent_availability(v_date) as a
    where v_team is null or a.agent_id = any(v_team);

    select
        jsonb_build_object(
            'items',
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', l.id,
                        'agent_id', l.agent_id,
                        'agent_name', l.name,
                        'from', lower(l.during),
                        'until', upper(l.during) - 1,
                        'reason', l.reason,
                        'is_now', l.during @> v_today
                    )
                    order by l.place
                ) filter (where l.place <= c_leaves),
                '[]'
            ),
            'more', greatest(count(*) - c_leaves, 0)
        )
    into v_leaves
    from (
        select
            l.*,
            u.name,
            row_number() over (order by lower(l.during), u.name, l.id) as place
        from trustcart.agent_leave as l
        inner join trustcart.users as u on l.agent_id = u.id
        where upper(l.during) > v_today and (v_team is null or l.agent_id = any(v_team))
    ) as l;

    return jsonb_build_object(
        'frame', v_frame,
        'period', v_period,
        'day', v_date,
        'from', v_span.date_from,
        'to', v_span.date_to,
        'whole_to', v_span.whole_to,
        'previous_from', v_span.previous_from,
        'previous_to', v_span.previous_to,
        'next_from', case when v_span.whole_to < v_today then v_span.whole_to + 1 end,
        'is_running', v_span.is_running,
        'is_future', v_span.date_from > v_today,
        'holiday', (select h.name from trustcart.shop_holidays as h where h.holiday_on = v_date),
        'next_working_day', trustcart_private.next_working_day(v_today),
        'tomorrow', v_today + 1,
        'is_whole_shop', v_team is null,
        'agents', v_agents,
        'leaves', v_leaves
    );
end;
$$;
comment on function trustcart_api.page_team(text, text) is
'GET /admin/crm/team-dashboard: what the team dashboard shows at once (guide: "Team Dashboard"), an object: frame; the
period (daily, weekly, monthly) that day is in, from, to, whole_to, and the one before, as report_span() says;
next_from, the next period''s first day unless that is ahead; is_running, is_future; holiday, when day is one; agents:
who works on day, until when, how many calls the day holds, has been given and has room for (agent_availability());
leaves: those of today and later, the first fifty, and how many more. Figures and lists are fragments:
page_team_figures() and so on. Managers see all, team leaders their team. TC001 date, TC002 period, TC402 when nobody is
signed in, TC403 for an agent without a team.';

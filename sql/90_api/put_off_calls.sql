-- requires: team_of_caller, reschedule_call_tasks, check_agent_access, to_business_date, business_date

create or replace function trustcart_api.put_off_calls(
    p_agent_id bigint default null,
    p_priorities text[] default '{hot}',
    p_date text default null,
    p_to text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_team bigint[] := trustcart_private.team_of_caller();
    v_date date := coalesce(trustcart.to_business_date(p_date), trustcart.business_date());
    v_to date := trustcart.to_business_date(p_to);
    v_result jsonb;
    v_of_one jsonb;
    v_agent_id bigint;
begin
    perform trustcart.check_agent_access(p_agent_id);
    if p_agent_id is not null or v_team is null then
        return trustcart.reschedule_call_tasks(p_agent_id, v_to, p_priorities, v_date);
    end if;
    -- A leader's everybody is the team; whose call it is when nobody's, only managers say.
    for v_agent_id in
        select u.id
        from trustcart.users as u
        where u.id = any(v_team) and u.role = 'crm_agent' and u.is_active
        order by u.id
    loop
        v_of_one := trustcart.reschedule_call_tasks(v_agent_id, v_to, p_priorities, v_date);
        v_result := jsonb_build_object(
            'rescheduled', coalesce((v_result ->> 'rescheduled')::integer, 0) + (v_of_one ->> 'rescheduled')::integer,
            'to', v_of_one -> 'to',
            'not_fitting', coalesce((v_result ->> 'not_fitting')::integer, 0) + (v_of_one ->> 'not_fitting')::integer,
            'already_planned',
            coalesce((v_result ->> 'already_planned')::integer, 0) + (v_of_one ->> 'already_planned')::integer
        );
    end loop;
    return v_result;
end;
$$;
comment on function trustcart_api.put_off_calls(bigint, text[], text, text) is
'The team page: puts the calls of a day (default: today) that nobody has begun off to a later one (default: the next
working day), those of an agent, or of all, of a leader the team''s, of the priorities given, by
reschedule_call_tasks(). Returns {"rescheduled", "to", "not_fitting", "already_planned"}. TC001 dates, TC002 priority,
TC003 no priorities, TC004 no such user, TC201 agent, TC204 date not after theirs, or past, TC403 for an agent without a
team, and a leader who names somebody of another.';

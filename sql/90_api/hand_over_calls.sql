-- requires: team_of_caller, reassign_agent_calls, check_agent_access, to_business_date, business_date

create or replace function trustcart_api.hand_over_calls(
    p_agent_id bigint,
    p_from text default null,
    p_until text default null,
    p_why text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_team bigint[] := trustcart_private.team_of_caller();
    v_from date := coalesce(trustcart.to_business_date(p_from), trustcart.business_date());
    v_until date := coalesce(trustcart.to_business_date(p_until), v_from);
begin
    if p_agent_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'agentId is required',
            hint = 'Say whose calls go to others.';
    end if;
    perform trustcart.check_agent_access(p_agent_id);
    if v_until < trustcart.business_date() then
        raise exception using
            errcode = 'TC204',
            message = format('the calls of %s to %s are past', v_from, v_until),
            hint = 'Only calls of today or later can be handed over.';
    end if;
    -- What a leader gives away stays in the team, as with a single call.
    return trustcart.reassign_agent_calls(p_agent_id, v_from, v_until, p_why, v_team);
end;
$$;
comment on function trustcart_api.hand_over_calls(bigint, text, text, text) is
'The team page: hands the open calls of an agent, of the days given (default: today), to whoever has room, by
reassign_agent_calls(); of a leader''s team to the team. Returns {"reassigned", "to_pool"}. TC001 dates, TC003 no agent,
TC004 no such user, TC005 days that end before they begin, TC204 days past, TC403 for an agent without a team, and a
leader who names somebody of another.';

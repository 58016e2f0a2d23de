-- requires: team_of_caller, add_agent_leave, to_business_date

create or replace function trustcart_api.enter_leave(
    p_agent_id bigint, p_from text, p_until text default null, p_reason text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from date := trustcart.to_business_date(p_from);
    v_until date := coalesce(trustcart.to_business_date(p_until), v_from);
begin
    perform trustcart_private.team_of_caller();
    if p_agent_id is null or v_from is null then
        raise exception using
            errcode = 'TC003',
            message = case when p_agent_id is null then 'agentId' else 'from' end || ' is required',
            hint = 'Leave needs the agent and the first day; without a last one it is that day alone.';
    end if;
    return jsonb_build_object(
        'id', trustcart.add_agent_leave(p_agent_id, v_from, v_until, p_reason),
        'agent_id', p_agent_id,
        'from', v_from,
        'until', v_until
    );
end;
$$;
comment on function trustcart_api.enter_leave(bigint, text, text, text) is
'The team page: enters leave of an agent, p_until included (default: one day), by add_agent_leave(), which hands open
calls of those days to others. Returns id, agent_id, from and until. TC001 dates, TC003 missing, TC004 no such user,
TC005 it ends before it begins, TC201 not an active agent, TC210 on leave already, TC403 for an agent without a team,
and a leader who names somebody of another.';

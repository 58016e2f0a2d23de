-- requires: team_of_caller, cancel_agent_leave, check_agent_access

create or replace function trustcart_api.withdraw_leave(p_leave_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.team_of_caller();
    if p_leave_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'leaveId is required',
            hint = 'Say which leave, by its id on the team page.';
    end if;
    perform trustcart.check_agent_access(l.agent_id)
    from trustcart.agent_leave as l
    where l.id = p_leave_id;
    perform trustcart.cancel_agent_leave(p_leave_id);
    return jsonb_build_object('id', p_leave_id);
end;
$$;
comment on function trustcart_api.withdraw_leave(bigint) is
'The team page: removes leave of an agent, by cancel_agent_leave(); calls that went to others stay with them. Returns
{"id"}. TC003 without an id, TC004 no such leave, TC403 for an agent without a team, and a leader whose team''s it is
not.';

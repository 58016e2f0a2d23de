-- requires: reassign_agent_calls, business_date, is_restricted, own_agent_ids

create or replace function trustcart_private.hand_over_on_leave()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if upper(new.during) > trustcart.business_date() then
        perform trustcart.reassign_agent_calls(
            new.agent_id,
            lower(new.during),
            upper(new.during) - 1,
            format('agent %s is on leave from %s to %s', new.agent_id, lower(new.during), upper(new.during) - 1),
            -- What a leader gives away stays in the team.
            case when trustcart_private.is_restricted() then trustcart_private.own_agent_ids() end
        );
    end if;
    return null;
end;
$$;
comment on function trustcart_private.hand_over_on_leave() is
'Trigger of agent_leave: the calls of who is away go to others at once; of the
team, where its leader entered the leave.';

-- requires: is_restricted, own_agent_ids, current_user_id

create or replace function trustcart_private.team_of_caller()
returns bigint[]
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not trustcart_private.is_restricted() then
        return null;
    end if;
    if not exists (
        select from trustcart.users as u
        where u.team_leader_id = trustcart.current_user_id() and u.is_active
    ) then
        raise exception using
            errcode = 'TC403',
            message = 'this is for managers and team leaders',
            hint = 'Your own calls and figures are on the agent dashboard.';
    end if;
    return trustcart_private.own_agent_ids();
end;
$$;
comment on function trustcart_private.team_of_caller() is
'Whose work whoever is asking may compare and distribute: for a team leader the leader and the team, those who left
included; null, which is everybody''s, for managers and all who are no agents. TC403 for an agent without a team.';

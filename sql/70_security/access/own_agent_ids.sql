-- requires: current_user_id

create or replace function trustcart_private.own_agent_ids()
returns bigint[]
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id bigint := trustcart.current_user_id();
begin
    return array(
        select v_user_id
        where v_user_id is not null
        union all
        select u.id
        from trustcart.users as u
        where u.team_leader_id = v_user_id
    );
end;
$$;
comment on function trustcart_private.own_agent_ids() is
'Whose work whoever is asking sees as their own: themselves and, for a team leader, the team, those who left included.
Empty for nobody. Asked once a query by the policies.';

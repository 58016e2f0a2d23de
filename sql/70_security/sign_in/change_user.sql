-- requires: require_user, check_user_columns

create or replace function trustcart.change_user(
    p_user_id bigint,
    p_name text default null,
    p_email text default null,
    p_role text default null,
    p_team_leader_id bigint default null,
    p_db_role text default null,
    p_is_active boolean default null,
    p_clear text[] default null
)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id bigint := trustcart_private.require_user(p_user_id);
    v_clear text[] := coalesce(p_clear, '{}');
    v_unknown text := (
        select c.name from unnest(v_clear) as c (name)
        where c.name is null or c.name not in ('email', 'team_leader_id', 'db_role')
        limit 1
    );
begin
    if v_unknown is not null or array_position(v_clear, null) is not null then
        raise exception using
            errcode = 'TC002',
            message = format('%L is nothing that a user can be without', v_unknown),
            hint = 'Known are email, team_leader_id, db_role.';
    elsif p_team_leader_id = p_user_id then
        raise exception using
            errcode = 'TC005',
            message = format('user %s cannot lead a team of themselves', p_user_id),
            hint = 'Name another user, or none.';
    end if;
    perform trustcart_private.check_user_columns(p_name, p_email, p_role, p_team_leader_id, p_db_role);
    update trustcart.users as u
    set
        name = coalesce(btrim(p_name), u.name),
        email = case when 'email' = any(v_clear) then null else coalesce(btrim(p_email), u.email) end,
        role = coalesce(p_role, u.role),
        team_leader_id = case
            when 'team_leader_id' = any(v_clear) then null
            else coalesce(p_team_leader_id, u.team_leader_id)
        end,
        db_role = case when 'db_role' = any(v_clear) then null else coalesce(p_db_role, u.db_role) end,
        is_active = coalesce(p_is_active, u.is_active)
    where u.id = v_user_id;
end;
$$;
comment on function trustcart.change_user(bigint, text, text, text, bigint, text, boolean, text[]) is
'Changes a user: what is given; what p_clear names (email, team_leader_id, db_role) is emptied. Who is disabled
(p_is_active false), or no longer crm_agent, hands the open calls over at once; the tokens of who is disabled are
refused for good. A role holds from the next transaction on, but that of a login role''s group is for a DBA to
change. For admins. TC002 role or p_clear, TC003 no user or blank name, TC004 no such user, leader or login role,
TC005 e-mail or own leader; 23505 (users_email_key, users_db_role_key) when another user has them.';

-- requires: check_user_columns, set_user_password_hash

create or replace function trustcart.create_user(
    p_name text,
    p_email text,
    p_role text,
    p_team_leader_id bigint default null,
    p_db_role text default null,
    p_password_hash text default null
)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_email text := nullif(btrim(p_email), '');
    v_db_role text := nullif(p_db_role, '');
    v_user_id bigint;
begin
    if nullif(btrim(p_name), '') is null or p_role is null
        or v_email is null and (v_db_role is null or p_password_hash is not null) then
        raise exception using
            errcode = 'TC003',
            message = case
                when nullif(btrim(p_name), '') is null then 'name'
                when p_role is null then 'role'
                else 'email'
            end || ' is required',
            hint = 'A user has a name and a role, and signs in with e-mail address and password, or as a login role.';
    end if;
    perform trustcart_private.check_user_columns(p_name, v_email, p_role, p_team_leader_id, v_db_role);
    insert into trustcart.users (name, email, role, team_leader_id, db_role)
    values (btrim(p_name), v_email, p_role, p_team_leader_id, v_db_role)
    returning id into v_user_id;
    if p_password_hash is not null then
        perform trustcart.set_user_password_hash(v_user_id, p_password_hash);
    end if;
    return v_user_id;
end;
$$;
comment on function trustcart.create_user(text, text, text, bigint, text, text) is
'Makes a user and returns the id. With p_password_hash (argon2id) the user can sign in by e-mail address; p_db_role is
the login role that acts as the user, which a DBA has made. For admins. TC002 role, TC003 missing, TC004 no such
leader or login role, TC005 e-mail or hash; 23505 (users_email_key, users_db_role_key) when another user has them.';

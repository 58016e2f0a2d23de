create or replace function trustcart_private.check_user_columns(
    p_name text, p_email text, p_role text, p_team_leader_id bigint, p_db_role text
)
returns void
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if btrim(p_name) = '' then
        raise exception using
            errcode = 'TC003',
            message = 'name is required',
            hint = 'Give the name that dashboards show.';
    elsif p_role not in ('crm_agent', 'crm_manager', 'admin', 'other') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a role of a user', p_role),
            hint = 'Known are crm_agent, crm_manager, admin, and other for staff without CRM work, who cannot sign in.';
    elsif btrim(p_email) !~ '^[^@\s]+@[^@\s]+$' then
        raise exception using
            errcode = 'TC005',
            message = 'email is not an e-mail address',
            hint = 'Write it as somebody@example.com.';
    elsif p_team_leader_id is not null
        and not exists (select from trustcart.users as u where u.id = p_team_leader_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s to lead the team', p_team_leader_id),
            hint = 'Take the id from trustcart.users.';
    elsif p_db_role is not null
        and not exists (select from pg_roles as r where r.rolname = p_db_role and r.rolcanlogin) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no login role %L', p_db_role),
            hint = 'A DBA makes it first, in the group of that role: create role … login in role trustcart_agent;';
    end if;
end;
$$;
comment on function trustcart_private.check_user_columns(text, text, text, bigint, text) is
'Checks what a user is to be called, and so on; null is not asked about. TC002 role, TC003 blank name, TC004 no such
leader or login role, TC005 e-mail.';

create or replace function trustcart_private.group_of_user(p_user_id bigint, p_token_issued_at timestamptz)
returns table (user_id bigint, role text, group_role name)
language plpgsql stable parallel restricted
security definer
rows 1
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        u.id,
        u.role,
        case u.role
            when 'crm_agent' then 'trustcart_agent'
            when 'crm_manager' then 'trustcart_manager'
            when 'admin' then 'trustcart_admin'
        end::name
    from trustcart.users as u
    left join trustcart_private.user_credentials as c on u.id = c.user_id
    where
        u.id = p_user_id
        and u.is_active
        and u.role <> 'other'
        and (p_token_issued_at < c.tokens_valid_from) is not true;
    if not found then
        raise exception using
            errcode = 'TC402',
            message = 'nobody is signed in',
            hint = 'Sign in again: the user is unknown, disabled, signed out since, or has no role in the CRM.';
    end if;
end;
$$;
comment on function trustcart_private.group_of_user(bigint, timestamptz) is
'The active user with this id, the role, and the group whose rights go with it. TC402 when there is none, or when the
token was issued before the user''s tokens_valid_from; null: there is no token to ask about.';

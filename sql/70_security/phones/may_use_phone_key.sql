create or replace function trustcart_private.may_use_phone_key()
returns boolean
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- The login role, which neither SET ROLE nor a definer function changes. current_user is the tables' owner here.
    return pg_has_role(session_user, 'trustcart_gateway', 'member') or pg_has_role(session_user, current_user, 'member');
end;
$$;
comment on function trustcart_private.may_use_phone_key() is
'Whether the session may give the phone key: its login role is a member of trustcart_gateway, or owns our tables, as who
turns the encryption on and off. A key that anybody else sets is not looked at.';

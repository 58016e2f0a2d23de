create or replace function trustcart_private.require_user(p_user_id bigint)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_user_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'user_id is required',
            hint = 'Give the id of the user.';
    elsif not exists (select from trustcart.users as u where u.id = p_user_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', p_user_id),
            hint = 'Take the id from trustcart.users.';
    end if;
    return p_user_id;
end;
$$;
comment on function trustcart_private.require_user(bigint) is
'The id given, if it is that of a user, active or not. TC003 without one, TC004 when there is no such user.';

-- requires: is_restricted, current_user_id

create or replace function trustcart_private.check_signed_in()
returns void
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if trustcart_private.is_restricted() and trustcart.current_user_id() is null then
        raise exception using
            errcode = 'TC402',
            message = 'nobody is signed in',
            hint = 'Agents ask as an active user: by a login role that is users.db_role, or by act_as() of a gateway.';
    end if;
end;
$$;
comment on function trustcart_private.check_signed_in() is
'Raises TC402 where an agent asks who is no active user: what leaves a trace must say whose.';

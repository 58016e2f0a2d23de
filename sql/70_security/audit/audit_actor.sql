-- requires: current_user_id, caller_role

create or replace function trustcart_private.audit_actor()
returns table (user_id bigint, acting_role text, behalf boolean)
language plpgsql stable parallel restricted
security definer
rows 1
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    user_id := trustcart.current_user_id();
    acting_role := trustcart_private.caller_role();
    behalf := user_id is not null and pg_has_role(session_user, 'trustcart_gateway', 'member')
    and coalesce(current_setting('request.jwt.claims', true), '') <> '';
    return next;
end;
$$;
comment on function trustcart_private.audit_actor() is
'Who is acting, for audit_logs: the user, the role whose rights are used, and whether a gateway acts for the user. The
login role and the application are defaults of the table.';

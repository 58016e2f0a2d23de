create or replace function trustcart_private.caller_role()
returns name
language sql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
return coalesce(nullif(current_setting('role'), 'none'), session_user)::name;

comment on function trustcart_private.caller_role() is
'The role whose rights the caller has: that of SET ROLE, else the login role. Also within a definer function, where
current_user is the owner of our schemas.';

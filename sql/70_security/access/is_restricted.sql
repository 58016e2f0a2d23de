-- requires: caller_role

create or replace function trustcart_private.is_restricted()
returns boolean
language sql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
return current_setting('is_superuser') = 'off'
and pg_has_role(trustcart_private.caller_role(), 'trustcart_agent', 'usage');

comment on function trustcart_private.is_restricted() is
'True for agents: they see and do what concerns their own customers, calls and team. Everybody else is limited by grants
alone. What the policies ask of current_user, for definer functions.';

-- requires: end_sessions

create or replace function trustcart_private.end_sessions_on_departure()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.end_sessions(new.id);
    return null;
end;
$$;
comment on function trustcart_private.end_sessions_on_departure() is
'Trigger of users: the tokens of who is disabled are refused, also once the user is enabled again.';

-- requires: end_sessions_on_departure

create or replace trigger users_end_sessions
after update on trustcart.users
for each row
when (old.is_active and not new.is_active)
execute function trustcart_private.end_sessions_on_departure();

comment on trigger users_end_sessions on trustcart.users is 'Who is disabled is signed out everywhere, for good.';

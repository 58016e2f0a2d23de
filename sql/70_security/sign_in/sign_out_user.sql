-- requires: require_user, end_sessions, log_sign_in

create or replace function trustcart.sign_out_user(p_user_id bigint)
returns timestamptz
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    select trustcart_private.log_sign_in(trustcart_private.require_user(p_user_id), 'sign_out');
    select trustcart_private.end_sessions(p_user_id);
end;

comment on function trustcart.sign_out_user(bigint) is
'Signs a user out everywhere: tokens issued before the instant returned are refused. The password holds. For admins
and the gateway. TC003 no user, TC004 no such user.';

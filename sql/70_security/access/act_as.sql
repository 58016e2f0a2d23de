-- requires: group_of_user

create or replace function trustcart.act_as(p_user_id bigint, p_token_issued_at timestamptz default null)
returns void
language sql volatile parallel unsafe
security invoker
begin atomic
    select
        set_config(
            'request.jwt.claims',
            json_build_object('sub', g.user_id::text, 'role', g.role)::text,
            true
        ) as claims,
        set_config('role', g.group_role, true) as role,
        -- People wait for these statements: compiling them, which the policies' estimates invite, takes longer.
        set_config('jit', 'off', true) as jit
    from trustcart_private.group_of_user(p_user_id, p_token_issued_at) as g;
end;

comment on function trustcart.act_as(bigint, timestamptz) is
'For a gateway: from here to the end of the transaction the session is that user, with the rights of the user''s role
and no others. The database looks the role up; what a token says of it decides nothing. TC402 for an unknown or
disabled user, and for a token issued before the user''s password was changed, the user disabled or signed out
everywhere: give its claim "iat" as p_token_issued_at; without one nothing is asked. PostgREST: call it from a
pre-request function.';

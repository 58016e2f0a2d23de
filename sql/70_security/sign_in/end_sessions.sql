create or replace function trustcart_private.end_sessions(p_user_id bigint)
returns timestamptz
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    -- Streams that are open ask nothing by themselves.
    select pg_notify('trustcart_sessions', p_user_id::text);
    insert into trustcart_private.user_credentials as c (user_id, tokens_valid_from)
    values (p_user_id, clock_timestamp())
    on conflict (user_id) do update
        set tokens_valid_from = greatest(c.tokens_valid_from, clock_timestamp())
    returning c.tokens_valid_from;
end;
comment on function trustcart_private.end_sessions(bigint) is
'Refuses from now on the tokens that a user has, whatever their expiry; returns the instant from which new ones hold.
Open streams of the HTTP layer are told by the channel trustcart_sessions.';

-- requires: current_user_id

create or replace function trustcart.keep_answer(
    p_key_digest bytea, p_endpoint text, p_fingerprint bytea, p_http_status integer, p_answer bytea
)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id bigint := trustcart.current_user_id();
begin
    if v_user_id is null then
        raise exception using
            errcode = 'TC402',
            message = 'nobody is signed in',
            hint = 'An Idempotency-Key belongs to a user: sign in, or ask without one.';
    elsif (
        length(p_key_digest) = 32
        and length(p_fingerprint) = 32
        and length(p_endpoint) between 1 and 200
        and p_http_status between 200 and 399
        and length(p_answer) <= 1048576
    ) is not true then
        raise exception using
            errcode = 'TC005',
            message = 'the answer cannot be kept',
            hint = 'Give digests of 32 bytes, the endpoint, a status from 200 to 399 and at most 1 MiB.';
    end if;
    insert into trustcart_private.answered_requests (
        user_id, key_digest, endpoint, fingerprint, http_status, answer
    )
    values (v_user_id, p_key_digest, p_endpoint, p_fingerprint, p_http_status::smallint, p_answer);
end;
$$;
comment on function trustcart.keep_answer(bytea, text, bytea, integer, bytea) is
'For a gateway, at the end of the transaction of a request with an Idempotency-Key that earlier_answer() had no answer
for: keeps what is answered, for settings.answered_requests_keep_days. p_answer is the body, encrypted under a key that
is derived from the Idempotency-Key: the database could not read it. TC005 for arguments out of bounds, 23505 when there
is an answer already, TC402 when nobody is signed in.';

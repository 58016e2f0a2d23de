-- requires: current_user_id

create or replace function trustcart.earlier_answer(p_key_digest bytea, p_endpoint text, p_fingerprint bytea)
returns table (http_status smallint, answer bytea)
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_user_id bigint := trustcart.current_user_id();
    v_earlier trustcart_private.answered_requests;
begin
    if v_user_id is null then
        raise exception using
            errcode = 'TC402',
            message = 'nobody is signed in',
            hint = 'An Idempotency-Key belongs to a user: sign in, or ask without one.';
    elsif (length(p_key_digest) = 32 and length(p_fingerprint) = 32) is not true then
        raise exception using
            errcode = 'TC005',
            message = 'a digest has 32 bytes',
            hint = 'Derive p_key_digest and p_fingerprint from the Idempotency-Key by HMAC-SHA-256.';
    end if;
    -- Two of one key at once: the second waits here for the end of the first one's transaction. Then it finds its answer
    -- or, where that failed, takes its place.
    perform pg_advisory_xact_lock(hashtextextended(encode(p_key_digest, 'hex'), v_user_id));
    select r.*
    into v_earlier
    from trustcart_private.answered_requests as r
    where r.user_id = v_user_id and r.key_digest = p_key_digest;
    if not found then
        return;
    elsif (v_earlier.endpoint, v_earlier.fingerprint) is distinct from (p_endpoint, p_fingerprint) then
        raise exception using
            errcode = 'TC106',
            message = format('this Idempotency-Key was used for another request, of %s', v_earlier.endpoint),
            hint = 'Repeat a request with its own body, or give a new one a new key, such as a UUID.';
    end if;
    return query select v_earlier.http_status, v_earlier.answer;
end;
$$;
comment on function trustcart.earlier_answer(bytea, text, bytea) is
'For a gateway, after act_as() and before a request with an Idempotency-Key is carried out: what the user''s earlier
request of that key was answered, as keep_answer() stored it. No row: there was none; carry it out, and keep its answer
in the same transaction. Waits while a request of the same user and key is being carried out. TC005 for digests that
are none, TC106 when the key was of another endpoint or body, TC402 when nobody is signed in.';

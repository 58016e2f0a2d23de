-- requires: pgcrypto_schema

create or replace function trustcart_private.seal_bytes(p_plain bytea[], p_contexts text[], p_key bytea)
returns bytea[]
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sealed bytea[];
begin
    -- pgcrypto has no mode that authenticates: encrypt, then sign what came of it, each with a key of its own. Dynamic,
    -- for our functions exist without pgcrypto, wherever it is; many values a call, for planning costs more than one.
    execute format(
        $statement$
        select array_agg(
            s.vector || s.body || %1$I.hmac(
                convert_to(s.context, 'UTF8') || '\x00'::bytea || s.vector || s.body, $4, 'sha256'
            )
            order by s.place
        )
        from (
            select
                v.place,
                v.context,
                v.vector,
                %1$I.encrypt_iv(v.plain, $3, v.vector, 'aes-cbc/pad:pkcs') as body
            from (
                select
                    u.place,
                    u.plain,
                    u.context,
                    %1$I.gen_random_bytes(16) as vector
                from unnest($1, $2) with ordinality as u (plain, context, place)
                offset 0
            ) as v
            offset 0
        ) as s
        $statement$,
        trustcart_private.pgcrypto_schema()
    )
    into v_sealed
    using p_plain, p_contexts, substr(p_key, 1, 32), substr(p_key, 33, 32);
    return v_sealed;
end;
$$;
comment on function trustcart_private.seal_bytes(bytea[], text[], bytea) is
'Values encrypted with AES-256-CBC under the first 32 bytes of a key of 64, each with a random vector, and authenticated
by HMAC-SHA-256 under the others, together with its context, the place it belongs to. TC503 without pgcrypto.';

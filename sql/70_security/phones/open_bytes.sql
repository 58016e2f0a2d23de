-- requires: pgcrypto_schema

create or replace function trustcart_private.open_bytes(p_sealed bytea[], p_contexts text[], p_key bytea)
returns bytea[]
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_plain bytea[];
    v_is_sound boolean;
begin
    execute format(
        $statement$
        select
            array_agg(
                case
                    when c.is_sound
                        then %1$I.decrypt_iv(
                            substr(c.sealed, 17, length(c.sealed) - 48), $3, substr(c.sealed, 1, 16), 'aes-cbc/pad:pkcs'
                        )
                end
                order by c.place
            ),
            bool_and(c.is_sound)
        from (
            select
                u.place,
                u.sealed,
                length(u.sealed) > 48
                and %1$I.hmac(
                    convert_to(u.context, 'UTF8') || '\x00'::bytea || substr(u.sealed, 1, length(u.sealed) - 32),
                    $4,
                    'sha256'
                ) = substr(u.sealed, length(u.sealed) - 31) as is_sound
            from unnest($1, $2) with ordinality as u (sealed, context, place)
            offset 0
        ) as c
        $statement$,
        trustcart_private.pgcrypto_schema()
    )
    into v_plain, v_is_sound
    using p_sealed, p_contexts, substr(p_key, 1, 32), substr(p_key, 33, 32);
    if v_is_sound is false then
        raise exception using
            errcode = 'TC505',
            message = 'an encrypted value was changed since it was written',
            hint = 'Somebody wrote to trustcart_private.phone_vault or phone_key_wraps: restore them from a backup.';
    end if;
    return v_plain;
end;
$$;
comment on function trustcart_private.open_bytes(bytea[], text[], bytea) is
'What seal_bytes() sealed. TC503 without pgcrypto, TC505 when a value, or its context, is not as it was written.';

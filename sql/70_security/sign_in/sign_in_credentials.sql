create or replace function trustcart.sign_in_credentials(
    p_email text, p_at timestamptz default clock_timestamp()
)
returns table (
    user_id bigint,
    password_hash text,
    locked_until timestamptz,
    password_set_at timestamptz,
    role text,
    read_at timestamptz
)
language sql stable parallel safe
security definer
rows 1
set search_path = pg_catalog, pg_temp
begin atomic
    select
        u.id,
        c.password_hash::text as password_hash,
        case when c.locked_until > p_at then c.locked_until end as locked_until,
        c.password_set_at,
        u.role,
        p_at
    from trustcart.users as u
    inner join trustcart_private.user_credentials as c on u.id = c.user_id
    where
        lower(u.email) = lower(btrim(p_email))
        and u.is_active
        and u.role <> 'other'
        and c.password_hash is not null;
end;
comment on function trustcart.sign_in_credentials(text, timestamptz) is
'What a gateway needs to check the password of the user with this e-mail address, in any case: the hash, since when it
holds, until when sign-in is locked at p_at (null: it is not), the role, and p_at again, which is the instant for
record_sign_in and the token. No row for who is unknown, disabled, without a password or without CRM work: check the
password against some other hash then, so that all take as long. For the gateway alone.';

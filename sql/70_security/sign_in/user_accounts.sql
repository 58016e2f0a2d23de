create or replace function trustcart.user_accounts(p_at timestamptz default now())
returns table (
    user_id bigint,
    name text,
    email text,
    role text,
    team_leader_id bigint,
    db_role text,
    is_active boolean,
    has_password boolean,
    password_set_at timestamptz,
    failed_attempts integer,
    locked_until timestamptz,
    last_sign_in_at timestamptz
)
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    select
        u.id,
        u.name,
        u.email::text as email,
        u.role,
        u.team_leader_id,
        u.db_role,
        u.is_active,
        c.password_hash is not null as has_password,
        c.password_set_at,
        coalesce(c.failed_attempts, 0) as failed_attempts,
        case when c.locked_until > p_at then c.locked_until end as locked_until,
        c.last_sign_in_at
    from trustcart.users as u
    left join trustcart_private.user_credentials as c on u.id = c.user_id
    order by u.id;
end;
comment on function trustcart.user_accounts(timestamptz) is
'All users and how they sign in, in order of their ids; locked_until only while it holds at p_at. No secrets. For
admins.';

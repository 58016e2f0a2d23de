-- requires: business_date, current_user_id

create or replace function trustcart_api.page_frame()
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_leader boolean;
    v_user trustcart.users;
begin
    select u.* into v_user
    from trustcart.users as u
    where u.id = trustcart.current_user_id();
    if v_user.id is null then
        raise exception using
            errcode = 'TC402',
            message = 'nobody is signed in',
            hint = 'Sign in again.';
    end if;
    v_is_leader := exists (
        select from trustcart.users as u
        where u.team_leader_id = v_user.id and u.is_active
    );
    return (
        select
            jsonb_build_object(
                'user_id', v_user.id,
                'name', v_user.name,
                'role', v_user.role,
                'is_leader', v_is_leader,
                'business_date', trustcart.business_date(),
                'now', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'time_zone', s.time_zone,
                'pages', (
                    select jsonb_agg(p.page order by p.position)
                    from (
                        values
                        (1, 'crm', true),
                        (2, 'agent', true),
                        (3, 'customers', true),
                        (4, 'team', v_is_leader or v_user.role in ('crm_manager', 'admin')),
                        (5, 'automation', v_user.role in ('crm_manager', 'admin'))
                    ) as p (position, page, is_open)
                    where p.is_open
                )
            )
        from trustcart.settings as s
    );
end;
$$;
comment on function trustcart_api.page_frame() is
'What every page shows around itself, as an object: user_id, name, role and is_leader (has a team) of who is signed in;
business_date, now (UTC) and time_zone of the shop; pages, those the user is shown the way to, in their order: crm,
agent, customers, team, automation. What a page shows is decided by its own function. TC402 when nobody is signed in.';

create or replace function trustcart.current_user_id()
returns bigint
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_claims text := current_setting('request.jwt.claims', true);
    v_subject text;
begin
    -- Any role can set the setting: only of a gateway it is believed.
    if v_claims <> '' and pg_has_role(session_user, 'trustcart_gateway', 'member') then
        -- What is no JSON fails, closed. No exception block: it could not run while a query is parallel (before 18).
        v_subject := v_claims::jsonb ->> 'sub';
        if v_subject !~ '^[0-9]{1,18}$' then
            v_subject := null;
        end if;
        return (select u.id from trustcart.users as u where u.id = v_subject::bigint and u.is_active);
    end if;
    return (select u.id from trustcart.users as u where u.db_role = session_user and u.is_active);
end;
$$;
comment on function trustcart.current_user_id() is
'Who is asking: the active user of trustcart.users on whose behalf the session acts. A gateway (a login role in
trustcart_gateway) says so by the claim "sub" of the setting request.jwt.claims, which act_as() sets for a transaction;
of anybody else that setting is not believed, and the login role tells (users.db_role). Null: nobody that we know. 22P02 for claims that
are no JSON.';

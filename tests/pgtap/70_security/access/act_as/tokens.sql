-- A token holds until the user's password is changed, the user is disabled or signed out; a role while it is one's own.
begin;
select plan(15);

create function pg_temp.hash(p_text text) returns text language sql
return '$argon2id$v=19$m=65536,t=3,p=4$' || rpad(p_text, 22, 'c') || '$' || repeat('h', 43);

insert into trustcart.users (id, name, email, role) values (1, 'A', 'a@example.com', 'crm_agent'),
(2, 'B', 'b@example.com', 'admin');

-- The role that act_as() gives, or the SQLSTATE with which it refuses.
create function pg_temp.role_of(p_user_id bigint, p_token_issued_at timestamptz) returns text language plpgsql as $$
declare
    v_role text;
begin
    perform trustcart.act_as(p_user_id, p_token_issued_at);
    v_role := current_setting('role');
    reset role;
    return v_role;
exception when others then
    return sqlstate;
end;
$$;
create temporary table moments as select now() as at;

select is(pg_temp.role_of(1, null), 'trustcart_agent', 'without a token');
select is(pg_temp.role_of(1, now() - interval '1 year'), 'trustcart_agent', 'of who never changed anything');
select trustcart.set_user_password_hash(1, pg_temp.hash('x'));
update moments set at = (select c.tokens_valid_from from trustcart_private.user_credentials as c where c.user_id = 1);
select is(
    pg_temp.role_of(1, (select at - interval '1 microsecond' from moments)), 'TC402', 'one older than the password'
);
select is(pg_temp.role_of(1, (select at from moments)), 'trustcart_agent', 'one of that instant');
select is(pg_temp.role_of(1, clock_timestamp()), 'trustcart_agent', 'a newer one');
select is(pg_temp.role_of(2, now() - interval '1 year'), 'trustcart_admin', 'another user''s');

update moments set at = clock_timestamp();
select trustcart.sign_out_user(1);
select is(pg_temp.role_of(1, (select at from moments)), 'TC402', 'signed out everywhere');
select is(pg_temp.role_of(1, clock_timestamp()), 'trustcart_agent', 'and in again');

update moments set at = clock_timestamp();
select trustcart.change_user(1, p_is_active => false);
select is(pg_temp.role_of(1, clock_timestamp()), 'TC402', 'disabled');
select trustcart.change_user(1, p_is_active => true);
select is(pg_temp.role_of(1, (select at from moments)), 'TC402', 'enabled: not the old token');
select is(pg_temp.role_of(1, clock_timestamp()), 'trustcart_agent', 'but a new one');

select trustcart.change_user(1, p_role => 'crm_manager');
select is(pg_temp.role_of(1, clock_timestamp()), 'trustcart_manager', 'the role of now');
select trustcart.change_user(1, p_role => 'other');
select is(pg_temp.role_of(1, clock_timestamp()), 'TC402', 'without CRM work');
select is(pg_temp.role_of(7, clock_timestamp()), 'TC402', 'nobody');
select is(pg_temp.role_of(null, clock_timestamp()), 'TC402', 'null');

select * from finish();
rollback;

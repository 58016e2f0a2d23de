-- Signing out everywhere refuses the tokens of before, also of who has no password; the instant only moves forward.
begin;
select plan(8);

insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent');
select ok(trustcart.sign_out_user(1) >= now(), 'says from when tokens hold');
select is(
    (select tokens_valid_from from trustcart_private.user_credentials where user_id = 1) >= now(), true, 'and keeps it'
);
update trustcart_private.user_credentials set tokens_valid_from = '2100-01-01 00:00+00';
select is(trustcart.sign_out_user(1), '2100-01-01 00:00+00', 'never back');
select throws_ok('select trustcart.sign_out_user(7)', 'TC004', 'there is no user 7', 'nobody');
select throws_ok('select trustcart.sign_out_user(null)', 'TC003', 'user_id is required', 'whom?');
select is(has_function_privilege(r.role, 'trustcart.sign_out_user(bigint)', 'execute'), r.may, r.role)
from (values ('trustcart_gateway', true), ('trustcart_admin', true), ('trustcart_manager', false)) as r (role, may);

select * from finish();
rollback;

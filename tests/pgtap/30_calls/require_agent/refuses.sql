-- Only an active crm_agent takes calls.
begin;
select plan(5);

insert into trustcart.users (id, name, role, is_active)
values (1, 'A', 'crm_agent', true), (2, 'Left', 'crm_agent', false), (3, 'M', 'crm_manager', true);
select is(trustcart_private.require_agent(1), 1::bigint, 'an active agent');
select throws_ok($$select trustcart_private.require_agent(2)$$, 'TC201', null, 'who left');
select throws_ok($$select trustcart_private.require_agent(3)$$, 'TC201', null, 'a manager');
select throws_ok($$select trustcart_private.require_agent(4)$$, 'TC004', null, 'unknown');
select throws_ok($$select trustcart_private.require_agent(null)$$, 'TC004', null, 'none');

select * from finish();
rollback;

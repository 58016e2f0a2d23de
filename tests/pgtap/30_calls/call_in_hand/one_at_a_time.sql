-- The call that an agent has in hand: claimed or begun, not settled, not left lying.
begin;
select plan(7);

insert into trustcart.users (id, name) values (1, 'A'), (2, 'B');
insert into trustcart.customers (id, first_name) select g.n, 'C' || g.n from generate_series(1, 5) as g (n);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
select g.n, g.n, 1, trustcart.business_date() from generate_series(1, 5) as g (n);

select is(trustcart.call_in_hand(1), null, 'nothing is claimed');
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() - interval '1 minute' where id = 2;
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() where id = 3;
select is(trustcart.call_in_hand(1), 2::bigint, 'of several the one claimed first');
select is(trustcart.call_in_hand(2), null, 'of another agent nothing');
update trustcart.crm_call_tasks set started_at = now() where id = 3;
select is(trustcart.call_in_hand(1), 3::bigint, 'but one that was begun goes first');
update trustcart.crm_call_tasks set started_at = now() - interval '31 minutes', claimed_at = now() - interval '31 minutes'
where id = 3;
select is(trustcart.call_in_hand(1), 2::bigint, 'left lying for longer than the claim holds, it is not in hand');
update trustcart.crm_call_tasks set status = 'skipped' where id = 2;
select is(trustcart.call_in_hand(1), null, 'settled, neither');
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now() where id = 4;
select is(trustcart.call_in_hand(1, now() + interval '1 day'), null, 'tomorrow it is not');

select * from finish();
rollback;

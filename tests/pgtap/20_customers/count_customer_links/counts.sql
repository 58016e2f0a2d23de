begin;
select plan(7);
prepare counts as select id, family_members_count, interactions_count from trustcart.customers order by id;
insert into trustcart.customers (id, family_members_count) values (1, 99), (2, 99);
insert into trustcart.customer_family_members (customer_id, name, relationship)
values (1, 'A', 'child'), (1, 'B', 'child'), (2, 'C', 'spouse');
insert into trustcart.customer_interactions (customer_id, interaction_type) values (2, 'call'), (2, 'sms');
select results_eq('counts', $$ values (1::bigint, 2, 0), (2, 1, 2) $$, 'after inserts');
update trustcart.customer_family_members set customer_id = 2 where name = 'B';
select results_eq('counts', $$ values (1::bigint, 1, 0), (2, 2, 2) $$, 'after a move');
delete from trustcart.customer_interactions where interaction_type = 'sms';
select results_eq('counts', $$ values (1::bigint, 1, 0), (2, 2, 1) $$, 'after a delete');
update trustcart.customers set interactions_count = 50;
select results_eq('counts', $$ values (1::bigint, 1, 0), (2, 2, 1) $$, 'what others write is undone');
select is_empty($$ select * from trustcart.check_customer_state() $$, 'the check agrees');
truncate trustcart.customer_family_members, trustcart.customer_interactions cascade;
select results_eq('counts', $$ values (1::bigint, 0, 0), (2, 0, 0) $$, 'after a truncate');
insert into trustcart.customer_family_members (customer_id, name, relationship)
select 1, 'X', 'child' where false;
select results_eq('counts', $$ values (1::bigint, 0, 0), (2, 0, 0) $$, 'after nothing');
select * from finish();
rollback;

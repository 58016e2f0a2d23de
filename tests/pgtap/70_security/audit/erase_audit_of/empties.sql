-- A person's payloads go, their digests stay; the row of action erase names the customer.
begin;
select plan(8);

insert into trustcart.customers (id, first_name, city) values (1, 'Asha', 'Dhaka'), (2, 'Babul', 'Khulna');
update trustcart.customers set city = 'Sylhet';
select trustcart.log_access(1);
create temporary table before as
select l.id, trustcart_private.audit_row_digest(l) as digest from trustcart.audit_logs as l;

select is(trustcart_private.erase_audit_of(1), 2::bigint, 'the rows that had a payload');
select is_empty(
    $$ select l.id from trustcart.audit_logs as l
    where l.customer_id = 1 and l.action <> 'erase' and (l.old_values is not null or l.new_values is not null) $$,
    'it is gone'
);
select is(
    (select count(*) from trustcart.audit_logs as l where l.customer_id = 2 and l.new_values is not null), 2::bigint,
    'nobody else''s is'
);
select is_empty(
    $$ select b.id from before as b inner join trustcart.audit_logs as l on l.id = b.id
    where trustcart_private.audit_row_digest(l) <> b.digest $$,
    'each row''s digest is what it was'
);
select results_eq(
    $$ select l.customer_id, l.record_id, l.new_values, l.db_role from trustcart.audit_logs as l
    where l.action = 'erase' $$,
    $$ values (1::bigint, 1::bigint, '{"rows": 2}'::jsonb, session_user::text collate "default") $$,
    'who did it'
);
select is(trustcart_private.erase_audit_of(1), 0::bigint, 'again there is nothing to do');
select set_eq(
    'select distinct v.problem from trustcart.verify_audit_log() as v',
    $$ values ('the payload was emptied and no erasure of that customer is on record') $$,
    'by itself it proves nothing: somebody must have been erased'
);
insert into trustcart.customer_erasures (customer_id) values (1);
select is_empty('select * from trustcart.verify_audit_log()', 'and then all of it is on record');

select * from finish();
rollback;

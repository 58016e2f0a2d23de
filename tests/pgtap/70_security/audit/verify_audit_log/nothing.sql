-- Without seals there is nothing to compare; a position that was never reached is a fault. The rest is in
-- tests/python/test_audit.py.
begin;
select plan(4);

insert into trustcart.customers (id) values (1);
select is_empty('select * from trustcart.verify_audit_log()', 'nothing sealed, nothing wrong');
select is_empty(
    $$ select * from trustcart.verify_audit_log(0, repeat('00', 32)) $$, 'the beginning is known'
);
select results_eq(
    $$ select v.chain_position, v.problem from trustcart.verify_audit_log(5, 'ab') as v $$,
    $$ values (5::bigint, 'the chain ends before the position noted: its end was cut off') $$,
    'a position that is not there'
);
insert into trustcart.audit_logs (action, erased_at, payload_digest) values ('update', now(), sha256(''));
select is(
    (select v.problem from trustcart.verify_audit_log() as v),
    'the payload was emptied and no erasure of that customer is on record', 'an erasure nobody ordered'
);

select * from finish();
rollback;

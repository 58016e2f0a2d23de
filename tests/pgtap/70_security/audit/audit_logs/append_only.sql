-- What is on record stays, whoever asks: this runs as the owner and a superuser.
begin;
select plan(25);

insert into trustcart.customers (id, first_name) values (1, 'A'), (2, 'B');
select trustcart.ensure_audit_partitions(trustcart.business_date());
create temporary table places as select distinct l.tableoid::regclass::text as place from trustcart.audit_logs as l;

select throws_ok(
    'update trustcart.audit_logs set user_id = 1', 'TC107', 'audit_logs is append-only: no update', 'no update'
);
select throws_ok(
    'delete from trustcart.audit_logs', 'TC107', 'audit_logs is append-only: no delete', 'no delete'
);
select throws_ok(
    'truncate trustcart.audit_logs', 'TC107', 'audit_logs is append-only: no truncate', 'no truncate'
);
select throws_ok('update trustcart.audit_logs set new_values = null', 'TC107', null, 'no emptying');
select throws_ok(
    'update trustcart.audit_logs set new_values = null, old_values = null, erased_at = now(), payload_digest = ''\x00''',
    'TC107', null, 'not with a digest that is not the payload''s'
);
select throws_ok(
    'update trustcart.audit_logs as l set new_values = null, old_values = null, erased_at = now(), user_id = 1,
    payload_digest = trustcart_private.audit_payload_digest(l)',
    'TC107', null, 'not with something else changed on the way'
);
select throws_ok(
    'update trustcart.audit_logs as l set erased_at = now(),
    payload_digest = trustcart_private.audit_payload_digest(l)',
    'TC107', null, 'not half'
);
select is((select count(*) from trustcart.audit_logs where customer_id is not null), 2::bigint, 'all is there');
select throws_ok(
    format('%s %s %s', t.verb, c.place, t.rest), 'TC107', null, format('nor a partition: %s', t.verb)
)
from (values ('update', 'set user_id = 1'), ('delete from', ''), ('truncate', '')) as t (verb, rest)
cross join places as c;
insert into trustcart.audit_logs (action, created_at) values ('view', '2001-01-01');
select throws_ok('truncate trustcart.audit_logs_default', 'TC107', null, 'nor the default one');
insert into trustcart.audit_seals (position, audit_id, audit_created_at, sealed_below, row_digest, chain_hash)
values (1, 1, now(), '3', sha256(''), sha256(''));
select throws_ok('update trustcart.audit_seals set position = 2', 'TC107', null, 'seals: no update');
select throws_ok('delete from trustcart.audit_seals', 'TC107', null, 'no delete');
select throws_ok('truncate trustcart.audit_seals', 'TC107', null, 'no truncate');
-- A checkpoint lets links go: only one that fits what is there.
prepare checkpoint (bigint, bytea, timestamptz, bigint, timestamptz) as
insert into trustcart.audit_checkpoints (position, chain_hash, kept_from, dropped_rows, created_at)
values ($1, $2, $3, $4, $5);
select throws_ok(
    $$ insert into trustcart.audit_checkpoints (position, chain_hash, kept_from, dropped_rows)
    select 1, sha256(''), now(), (select count(*) from trustcart.audit_logs where created_at < now()) $$,
    'TC107', null, 'none of the present head'
);
select throws_ok($$ execute checkpoint(1, sha256(''), '2001-02-01', 1, now()) $$, 'TC107', null, 'none over new links');
select throws_ok($$ execute checkpoint(0, sha256(''), '2001-02-01', 1, now()) $$, 'TC107', null, 'with another hash');
select throws_ok(
    $$ execute checkpoint(0, decode(repeat('00', 32), 'hex'), '2001-02-01', 0, now()) $$, 'TC107', null,
    'with another number of rows'
);
select throws_ok(
    $$ execute checkpoint(0, decode(repeat('00', 32), 'hex'), '2001-02-01', 1, now() + interval '9 years') $$, 'TC107',
    null, 'of another time'
);
select throws_ok(
    $$ execute checkpoint(0, decode(repeat('00', 32), 'hex'), now() - interval '640 hours', 1, now()) $$, '23514', null, 'of rows that are kept a month at least'
);
execute checkpoint(0, decode(repeat('00', 32), 'hex'), '2001-02-01', 1, now());
select throws_ok(
    $$ delete from trustcart.audit_logs where created_at < '2001-02-01' $$, 'TC107', null,
    'nor does one let rows go: partitions do'
);
select throws_ok('delete from trustcart.audit_seals', 'TC107', null, 'nor newer links');
select throws_ok('delete from trustcart.audit_checkpoints', 'TC107', null, 'nor checkpoints');
select throws_ok('update trustcart.audit_checkpoints set position = 1', 'TC107', null, 'that would be a way round');

select * from finish();
rollback;

-- Partitions of the present month and the two that follow, kept from being cut; what fell into the default one moves as
-- it is.
begin;
select plan(7);

insert into trustcart.audit_logs (action, created_at) values
('november', '2031-11-30 23:59:59.999+00'), ('december', '2031-12-01 00:00+00'), ('february', '2032-02-29 12:00+00');
create temporary table before as
select l.action, trustcart_private.audit_row_digest(l) as digest from trustcart.audit_logs as l;
select is(
    trustcart.ensure_audit_partitions('2031-12-31') - 'as_of',
    '{"partitions": ["audit_logs_203112", "audit_logs_203201", "audit_logs_203202"], "moved": 2,
    "is_complete": true}'::jsonb,
    'three months, across the end of the year'
);
select set_eq(
    'select l.tableoid::regclass::text as place, l.action, trustcart_private.audit_row_digest(l) from trustcart.audit_logs as l',
    $$ select v.place, v.action, b.digest from (
        values ('audit_logs_default', 'november'), ('audit_logs_203112', 'december'), ('audit_logs_203202', 'february')
    ) as v (place, action) inner join before as b on b.action = v.action $$,
    'each row lies with its month, unchanged'
);
select is(
    trustcart.ensure_audit_partitions('2031-12-31') - 'as_of', '{"partitions": [], "moved": 0, "is_complete": true}'::jsonb,
    'a second time there is nothing to do'
);
select throws_ok('truncate trustcart.audit_logs_203201', 'TC107', null, 'they are append-only too');
select throws_ok('delete from trustcart.audit_logs_203112', 'TC107', null, 'row by row');
insert into trustcart.audit_logs (action, created_at) values ('later', '2039-01-01');
select throws_ok('delete from trustcart.audit_logs_default', 'TC107', null, 'and so is the default one again');
select throws_ok('select trustcart.ensure_audit_partitions(null)', 'TC001', null, 'no date');

select * from finish();
rollback;

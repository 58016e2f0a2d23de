-- Only whole months go, old ones, and none that holds a row that is not sealed. The rest is in
-- tests/python/test_audit.py.
begin;
select plan(6);

insert into trustcart.audit_logs (action, created_at) values ('view', '2020-05-10 12:00+00');
select is(
    trustcart.drop_old_audit_logs('2099-01-01') - 'as_of',
    '{"kept_from": "2020-05-01", "rows": 0, "partitions": []}'::jsonb, 'what is not sealed stays'
);
select is_empty('select * from trustcart.audit_checkpoints', 'nothing dropped, no checkpoint');
select is(
    (trustcart.drop_old_audit_logs('2021-01-31') ->> 'kept_from')::date, date '2019-01-01', '24 months, by default'
);
update trustcart.settings set audit_keep_months = 8;
select is(
    (trustcart.drop_old_audit_logs('2021-01-31') ->> 'kept_from')::date, date '2020-05-01', 'or as settings say'
);
select throws_ok('update trustcart.settings set audit_keep_months = 0', '23514', null, 'at least one month is kept');
select throws_ok($$ select trustcart.drop_old_audit_logs('infinity') $$, 'TC001', null, 'no date');

select * from finish();
rollback;

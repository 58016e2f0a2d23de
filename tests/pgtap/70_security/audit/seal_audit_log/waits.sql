-- Rows of transactions that still run are not sealed, one's own included. The rest is in tests/python/test_audit.py.
begin;
select plan(4);

insert into trustcart.customers (id) values (1);
select is(
    trustcart.seal_audit_log('2031-01-01') - 'head', '{"as_of": "2031-01-01", "sealed": 0, "position": 0}'::jsonb,
    'what this transaction wrote waits for its end'
);
select is(
    trustcart.seal_audit_log() ->> 'head', repeat('00', 32), 'the chain begins with zeros'
);
select throws_ok('select trustcart.seal_audit_log(null)', 'TC001', null, 'no date');
select is(
    trustcart_private.chain_hash(v.link order by v.position),
    sha256(sha256('\x00'::bytea || '\x01') || '\x02'),
    'the next hash is that of the one before and the link'
)
from (values (0, '\x00'::bytea), (1, '\x01'), (2, '\x02')) as v (position, link);

select * from finish();
rollback;

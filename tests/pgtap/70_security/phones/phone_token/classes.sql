-- What stands in the place of a number: what rules must know of it, and a keyed digest.
begin;
select plan(12);

select is(
    split_part(trustcart_private.phone_token(x.phone, decode(repeat('01', 128), 'hex')), ':', 2), x.class,
    x.phone || ' is ' || x.class
)
from (
    values ('01711-111111', 'mobile'), ('+8801711111111', 'mobile'), ('০১৭১১১১১১১১', 'mobile'),
    ('02-9876543', 'landline'),
    ('+14155550100', 'foreign'), ('ext. 12', 'text'), ('01711', 'text')
) as x (phone, class);
select ok(
    trustcart_private.is_phone_token(trustcart_private.phone_token('x', decode(repeat('01', 128), 'hex'))),
    'it is known as a token'
);
select isnt(
    trustcart_private.phone_token('01711-111111', decode(repeat('01', 128), 'hex')),
    trustcart_private.phone_token('01711111111', decode(repeat('01', 128), 'hex')),
    'the same number written in another way is another text'
);
-- The pads of the key 'key', as RFC 2104 makes them.
select is(
    split_part(
        trustcart_private.phone_token(
            'The quick brown fox jumps over the lazy dog',
            decode('5d534f' || repeat('36', 61) || '373925' || repeat('5c', 61), 'hex')
        ),
        ':', 3
    ),
    'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8', 'the digest is HMAC-SHA-256'
);
select is(trustcart_private.is_phone_token('enc:mobile:' || repeat('A', 64)), false, 'capitals are none of ours');
select is(trustcart_private.is_phone_token(null), null, 'null of null');

select * from finish();
rollback;

-- What no trigger of encryption lets into a phone column. Numbers under a key: test_phone_encryption.py.
begin;
select plan(8);

select is(trustcart_private.stored_phone(null, null), null, 'nothing');
select is(trustcart_private.stored_phone('  ', null), '  ', 'blanks are no number');
select is(trustcart_private.stored_phone('01711111111', '01711111111'), '01711111111', 'what is there already');
select throws_ok(
    $$select trustcart_private.stored_phone('01711111111', null)$$, '40001', null,
    'a trigger that finds encryption off sees the past'
);
insert into trustcart_private.phone_keys (id, purpose, check_value)
values (1, 'search', sha256('a')), (2, 'data', sha256('b'));
update trustcart_private.phone_encryption
set state = 'on', search_key_id = 1, data_key_id = 2;
select throws_ok(
    $$select trustcart_private.stored_phone('01711111111', null)$$, 'TC502',
    'phone numbers are encrypted, and this takes their key', 'a number without the key'
);
select is(
    trustcart_private.stored_phone('017***11', '01711111111'), '01711111111',
    'a form that was shown the masked number'
);
select throws_ok(
    $$select trustcart_private.stored_phone('019***11', '01711111111')$$, 'TC005',
    'a masked phone number is no number to store', 'another masked number'
);
select throws_ok(
    $$select trustcart_private.stored_phone('enc:mobile:' || repeat('0', 64), null)$$, 'TC005', null, 'an unknown token'
);

select * from finish();
rollback;

-- Who gives the key, and what is none; where nothing is encrypted any key will do. With one in use:
-- test_phone_encryption.py.
begin;
select plan(14);

create role phone_gateway noinherit in role trustcart_gateway;
create role phone_agent in role trustcart_agent;

-- The SQLSTATE of giving a key; 00000 when it was taken.
create function pg_temp.give(p_who text)
returns void language plpgsql as $$
begin
    perform trustcart.set_phone_key(repeat('ab', 32));
    perform set_config('test.' || p_who, '00000', true);
exception when others then
    perform set_config('test.' || p_who, sqlstate, true);
end;
$$;

set local session authorization phone_agent;
select pg_temp.give('agent');
set local session authorization phone_gateway;
set local role trustcart_gateway;
select pg_temp.give('gateway');
set local role trustcart_manager;
select pg_temp.give('gateway_as_manager');
reset session authorization;
select is(current_setting('test.agent'), 'TC403', 'an agent may not');
select is(current_setting('test.gateway'), '00000', 'a gateway may');
select is(current_setting('test.gateway_as_manager'), '00000', 'a gateway that has become somebody may still');

select lives_ok($$select trustcart.set_phone_key(repeat('AB', 32) || E'\n')$$, 'the owner; in capitals, as of a file');
select is(current_setting('trustcart.phone_key'), repeat('ab', 32), 'it is set');
select lives_ok(
    $$select trustcart.set_phone_key(encode(decode(repeat('fb', 32), 'hex'), 'base64'))$$, 'in base64'
);
select is(current_setting('trustcart.phone_key'), repeat('fb', 32), 'it is the same key');
select throws_ok($$select trustcart.set_phone_key(null)$$, 'TC003', 'the phone key is required', 'none');
select throws_ok($$select trustcart.set_phone_key(' ')$$, 'TC003', 'the phone key is required', 'blank');
select throws_ok(format('select trustcart.set_phone_key(%L)', x.key), 'TC005', 'this is not a phone key', x.what)
from (
    values (repeat('ab', 31), 'too short'), (repeat('ab', 33), 'too long'), (repeat('xy', 32), 'no hexadecimal digits'),
    ('''; drop table trustcart.customers; --', 'an attempt'), (repeat('ab', 16), 'half a key')
) as x (key, what);

select * from finish();
rollback;

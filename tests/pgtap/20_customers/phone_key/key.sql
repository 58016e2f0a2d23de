begin;
select plan(4);
select is(trustcart_private.phone_key('01711-111111', '+8801711111111'), '+8801711111111', 'in E.164');
select is(trustcart_private.phone_key(' ask her son ', null), 'ask her son', 'else as typed');
select is(trustcart_private.phone_key('  ', null), null, 'blank is none');
select is(trustcart_private.phone_key(null, null), null, 'none');
select * from finish();
rollback;

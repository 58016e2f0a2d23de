-- The channels of messages are the rows of delivery_channels.
begin;
select plan(3);
select is(trustcart_private.require_channel(' WhatsApp '), 'whatsapp', 'whatever its case');
select throws_ok(
    $$select trustcart_private.require_channel('call')$$, 'TC002', '''call'' is not a channel of messages', 'another'
);
select throws_ok('select trustcart_private.require_channel(null)', 'TC002', null, 'none');
select * from finish();
rollback;

-- What was said already is not written again.
begin;
select plan(7);

insert into trustcart.customers (id) values (900001), (900002);
select is(
    trustcart_private.change_consent(array[900001, 900002, 900001], 'sms', false, 'x', '2026-01-02'), array[900001, 900002]::bigint[],
    'both'
);
select is(trustcart_private.change_consent(array[900001], 'sms', false, 'x', '2026-01-03'), '{}'::bigint[], 'said already');
select is(trustcart_private.change_consent(array[900001], 'sms', true, 'x', '2026-01-04'), array[900001]::bigint[], 'again');
select is(trustcart_private.change_consent(array[900001], 'email', false, 'x', '2026-01-04'), array[900001]::bigint[], 'other channel');
select is(trustcart_private.change_consent('{}', 'email', false, 'x', '2026-01-04'), '{}'::bigint[], 'nobody');
select is(
    (select count(*) from trustcart.events as e where e.event_type = 'customer_unsubscribed'), 3::bigint,
    'an event for each refusal'
);
select trustcart_private.change_consent(array[900002], 'push', false, 'x', '2126-01-04');
select cmp_ok(
    (select n.recorded_at from trustcart.customer_consents as n where n.channel = 'push'), '<=', clock_timestamp(),
    'never of the future'
);

select * from finish();
rollback;

begin;
select plan(1);
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.customer_consents (customer_id, channel, granted) values (2, 'sms', true), (1, 'call', false);
select results_eq(
    $$ select e.customer_id, e.payload ->> 'channel', e.payload ->> 'granted' from trustcart.events as e
    where e.event_type = 'consent_recorded' order by e.id $$,
    $$ values (2::bigint, 'sms', 'true'), (1, 'call', 'false') $$,
    'every consent is an event'
);
select * from finish();
rollback;

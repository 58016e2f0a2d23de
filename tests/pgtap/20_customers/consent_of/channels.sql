-- What holds, channel by channel.
begin;
select plan(4);

insert into trustcart.customers (id) values (1);
select trustcart.record_consent(1, 'sms', true, 'web', p_recorded_at => now() - interval '2 days');
select trustcart.record_consent(1, 'sms', false, 'STOP', p_recorded_at => now() - interval '1 day');
select trustcart.record_consent(1, 'email', true, 'web');
select results_eq(
    'select c.channel, c.granted, c.source, c.is_default from trustcart.consent_of(1) as c',
    $$values ('call', true, null, true), ('sms', false, 'STOP', false), ('whatsapp', true, null, true),
    ('email', true, 'web', false), ('push', true, null, true)$$,
    'the latest of each, and what holds without'
);
update trustcart.settings set marketing_opt_in = true;
select results_eq(
    'select c.channel, c.granted from trustcart.consent_of(1) as c where c.is_default',
    $$values ('call', true), ('whatsapp', false), ('push', false)$$,
    'with opt-in, messages need a word'
);
select throws_ok('select trustcart.consent_of(2)', 'TC004', null, 'no such customer');
select throws_ok('select trustcart.consent_of(null)', 'TC003', null, 'no customer');

select * from finish();
rollback;

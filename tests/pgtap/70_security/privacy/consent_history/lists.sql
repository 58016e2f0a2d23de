begin;
select plan(4);

insert into trustcart.users (id, name, role) values (901, 'Boss', 'crm_manager');
insert into trustcart.customers (id) values (1), (2);
select trustcart.record_consent(1, 'sms', true, 'form', 901, '2025-01-02 10:00+06');
select trustcart.record_consent(1, 'sms', false, 'STOP', null, '2025-01-03 10:00+06');
select trustcart.record_consent(1, 'email', true, 'form', null, '2025-01-01 10:00+06');
select trustcart.record_consent(2, 'email', true);
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values (1, 'sms', true, now() + interval '1 day');
select results_eq(
    'select channel, granted, recorded_by_name, source, holds from trustcart.consent_history(1)',
    $$ values ('sms', true, null::text, null::text, false), ('sms', false, null, 'STOP', true),
    ('sms', true, 'Boss', 'form', false), ('email', true, null, 'form', true) $$,
    'all that was said, the latest first; one a channel holds, none of tomorrow'
);
select is_empty(
    $$ select h.channel, h.granted from trustcart.consent_history(1) as h where h.holds
    except select o.channel, o.granted from trustcart.consent_of(1) as o $$, 'as consent_of() has it'
);
select throws_ok('select trustcart.consent_history(null)', 'TC003', null, 'whose');
select throws_ok('select trustcart.consent_history(9)', 'TC004', null, 'nobody we know');

select * from finish();
rollback;

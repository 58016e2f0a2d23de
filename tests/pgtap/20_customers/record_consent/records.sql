begin;
select plan(7);

insert into trustcart.users (id, name, role) values (901, 'Manager', 'crm_manager');
insert into trustcart.customers (id, is_active) values (1, true), (2, false);
create temporary table given as
select trustcart.record_consent(1, ' Call ', false, ' told the agent ', 901, '2025-06-01 10:00+06') as id;
select results_eq(
    $$
    select n.customer_id, n.channel, n.granted, n.source, n.recorded_by, n.recorded_at
    from trustcart.customer_consents as n inner join given as g on n.id = g.id
    $$,
    $$ values (1::bigint, 'call', false, 'told the agent', 901::bigint, timestamptz '2025-06-01 10:00+06') $$,
    'what was given is what is there, under the id returned'
);
select lives_ok($$ select trustcart.record_consent(2, 'whatsapp', true) $$, 'of a closed account as well');
select results_eq(
    'select granted, source, recorded_by, recorded_at from trustcart.customer_consents where customer_id = 2',
    'values (true, null::text, null::bigint, now())', 'as of now, by nobody in particular'
);
select trustcart.record_consent(p_customer_id => 1, p_channel => c.channel, p_granted => true, p_recorded_at => null)
from unnest(array['sms', 'whatsapp', 'email', 'push', 'call']) as c (channel);
select is(
    (select count(*) from trustcart.customer_consents where customer_id = 1), 6::bigint,
    'every channel, and more than once: it is history'
);
select is_empty(
    'select * from trustcart_private.call_refusals(clock_timestamp())', 'the latest of a channel holds'
);
select trustcart.record_consent(1, 'call', false, p_recorded_at => '2025-06-02 10:00+06');
select is_empty(
    'select * from trustcart_private.call_refusals(clock_timestamp())', 'entered late, a refusal of the past does not'
);
select trustcart.record_consent(1, 'call', false);
select set_eq(
    'select customer_id from trustcart_private.call_refusals(clock_timestamp())', 'values (1::bigint)', 'one of now does'
);

select * from finish();
rollback;

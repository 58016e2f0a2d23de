-- A customer's word on a channel, as a form brings it.
begin;
select plan(7);

insert into trustcart.customers (id) values (1);
insert into trustcart.crm_call_tasks (customer_id, task_date) values (1, trustcart.business_date());
select ok(
    trustcart_api.save_consent(1, ' SMS ', true, 'at the till') @> '{
      "customer_id": 1, "channel": "sms", "granted": true, "source": "at the till", "recorded_by": null
    }', 'is what comes back'
);
select lives_ok('select trustcart_api.save_consent(1, ''call'', false)', 'calls are refused');
select results_eq(
    'select c.channel, c.granted from trustcart.consent_of(1) as c where not c.is_default',
    $$values ('call', false), ('sms', true)$$, 'both hold'
);
select results_eq(
    'select t.status from trustcart.crm_call_tasks as t', $$values ('cancelled')$$, 'nobody calls any more'
);
select throws_ok(
    'select trustcart_api.save_consent(null, ''sms'', true)', 'TC003', 'customerId is required', 'whose'
);
select throws_ok('select trustcart_api.save_consent(1, ''sms'', null)', 'TC003', 'granted is required', 'which');
select throws_ok('select trustcart_api.save_consent(1, ''fax'', true)', 'TC002', null, 'no channel of ours');

select * from finish();
rollback;

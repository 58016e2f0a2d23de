begin;
select plan(4);
select throws_ok($$ select * from trustcart.claim_messages('fax', 1) $$, 'TC002', null, 'an unknown channel');
select throws_ok($$ select * from trustcart.claim_messages(null, 1) $$, 'TC002', null, 'no channel');
select throws_ok($$ select * from trustcart.claim_messages('sms', null) $$, 'TC003', null, 'no worker');
select throws_ok($$ select * from trustcart.claim_messages('sms', 1, 0) $$, 'TC005', null, 'no message');
select * from finish();
rollback;

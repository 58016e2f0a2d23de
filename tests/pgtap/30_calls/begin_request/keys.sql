-- A request that comes with a key is carried out once.
begin;
select plan(10);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, task_date)
values (1, 1, trustcart.business_date()), (2, 1, trustcart.business_date());

select is((trustcart_private.begin_request(null, 'f', '[1]')).request_id, null, 'without a key it is carried out');
select is((trustcart_private.begin_request('a', 'f', '[1]', 1)).request_id, null, 'a new one too');
select is((trustcart_private.begin_request('a', 'f', '[1]', 1)).task_id, 1::bigint, 'again, it names its task');
select throws_ok($$select trustcart_private.begin_request('a', 'f', '[2]')$$, 'TC106', null, 'other arguments');
select throws_ok($$select trustcart_private.begin_request('a', 'g', '[1]')$$, 'TC106', null, 'another function');
select throws_ok($$select trustcart_private.begin_request(' ', 'f', '[1]')$$, 'TC005', null, 'a blank key');
select throws_ok(
    $$select trustcart_private.begin_request(repeat('x', 201), 'f', '[1]')$$, 'TC005', null, 'a key that is too long'
);

-- A request that fails leaves nothing: its key can be used again.
select throws_ok($$select trustcart.complete_call_task(1, ' ', p_request_id => 'b')$$, 'TC003', null, 'refused');
select lives_ok($$select trustcart.complete_call_task(1, 'successful', p_request_id => 'b')$$, 'then corrected');

-- The instant is an argument, its spelling is not.
set local timezone = 'UTC';
select trustcart.log_call_attempt(2, 'no_answer', p_due_at => '2150-01-01 10:00+00', p_request_id => 'c');
set local timezone = 'Asia/Dhaka';
select lives_ok(
    $$select trustcart.log_call_attempt(2, 'no_answer', p_due_at => '2150-01-01 16:00+06', p_request_id => 'c')$$,
    'the same hour from a session in another time zone'
);

select * from finish();
rollback;

-- Who forbids calls has none left that nobody has begun, however the refusal was written.
begin;
select plan(8);

insert into trustcart.customers (id) values (1), (2), (3);
insert into trustcart.crm_call_tasks (id, customer_id, task_date, status, started_at)
values
(801, 1, '2025-06-01', 'pending', null), (802, 1, '2099-06-01', 'pending', null),
(803, 1, '2025-06-01', 'pending', now()), (804, 1, '2025-06-01', 'skipped', null),
(805, 2, '2025-06-01', 'pending', null), (806, 3, '2025-06-01', 'pending', null);
create function pg_temp.tasks()
returns text language sql as $$
    select string_agg(concat_ws(' ', t.id, t.status, t.close_reason), '; ' order by t.id)
    from trustcart.crm_call_tasks as t
$$;
create temporary table untouched as select pg_temp.tasks() as tasks;

insert into trustcart.customer_consents (customer_id, channel, granted)
values (1, 'sms', false), (1, 'email', false), (1, 'call', true);
select is(pg_temp.tasks(), (select u.tasks from untouched as u), 'messages forbidden, calls allowed');
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values (1, 'call', false, now() - interval '1 day');
select is(pg_temp.tasks(), (select u.tasks from untouched as u), 'a refusal that was overtaken');
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
values (1, 'call', false, now() + interval '1 day');
select is(pg_temp.tasks(), (select u.tasks from untouched as u), 'one that does not hold yet');

insert into trustcart.customer_consents (customer_id, channel, granted) values (1, 'call', false), (3, 'call', true);
select is(
    pg_temp.tasks(),
    '801 cancelled do not call; 802 cancelled do not call; 803 pending; 804 skipped; 805 pending; 806 pending',
    'all days, but not what is begun or closed, nor other customers'''
);
select ok(
    (select bool_and(t.closed_at is not null) from trustcart.crm_call_tasks as t where t.status = 'cancelled'),
    'they are closed'
);
insert into trustcart.customer_consents (customer_id, channel, granted) values (1, 'call', true);
select matches(pg_temp.tasks(), '^801 cancelled', 'allowed again, they stay so');
select trustcart.record_consent(2, 'call', false);
select matches(pg_temp.tasks(), '805 cancelled do not call; 806 pending', 'by record_consent()');
insert into trustcart.customer_consents (customer_id, channel, granted) values (3, 'call', true), (3, 'call', false);
select matches(pg_temp.tasks(), '806 cancelled do not call', 'the later of one statement');

select * from finish();
rollback;

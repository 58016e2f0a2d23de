-- Retries never add to the cadence: however often a customer is rung up on a day, it is one contact.
begin;
select plan(3);

create function pg_temp.at(p_hour time) returns timestamptz language sql as
$$select (trustcart.business_date() + p_hour) at time zone 'Asia/Dhaka'$$;
insert into trustcart.customers (id, first_name) values (1, 'Rahim');
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (1, 1, trustcart.business_date());
update trustcart.settings set contacts_per_week = 1;

select trustcart.log_call_attempt(1, 'no_answer', p_at => pg_temp.at('10:00'));
select results_eq(
    $$select d.contacted_on, d.channel from trustcart_private.contact_days as d where d.customer_id = 1 and d.contacts > 0$$,
    $$values (trustcart.business_date(), 'call')$$, 'the day has its contact'
);
select is(
    (trustcart.start_call_task(1, p_at => pg_temp.at('13:00'))).status, 'pending',
    'the retry is the same contact, so the week''s only one does not forbid it'
);
select trustcart.log_call_attempt(1, 'no_answer', p_at => pg_temp.at('13:00'));
select is((select count(*) from trustcart_private.contact_days as d where d.contacts > 0), 1::bigint, 'still one day');

select * from finish();
rollback;

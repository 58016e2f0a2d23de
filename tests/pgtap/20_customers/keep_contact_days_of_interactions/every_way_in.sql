-- contact_days holds the days on which we contacted a customer, by channel, after any change of what says so.
begin;
select plan(19);

create function pg_temp.days()
returns text language sql as $$
    select string_agg(
        concat_ws(' ', d.customer_id, to_char(d.contacted_on, 'MM-DD'), d.channel, d.contacts),
        '; ' order by d.customer_id, d.contacted_on, d.channel
    )
    from trustcart_private.contact_days as d
    where d.contacts > 0
$$;

insert into trustcart.customers (id) values (1), (2), (3);
select is(pg_temp.days(), null, 'nobody was contacted yet');

-- 20:00 in London on 1 June is 02:00 of 2 June in Dhaka.
insert into trustcart.customer_interactions (id, customer_id, interaction_type, direction, interaction_date)
values
(901, 1, 'call', 'outbound', '2025-06-01 10:00+06'), (902, 1, 'call', 'outbound', '2025-06-01 15:00+06'),
(903, 1, 'whatsapp', 'outbound', '2025-06-01 20:00+00'), (904, 2, 'email', 'inbound', '2025-06-01 10:00+06'),
(905, 2, 'visit', 'outbound', '2025-06-01 10:00+06');
select is(
    pg_temp.days(), '1 06-01 call 2; 1 06-02 whatsapp 1; 2 06-01 visit 1',
    'by customer, business day and channel; what they did is no contact of ours'
);
insert into trustcart.crm_call_attempts (id, customer_id, attempted_at, outcome)
values (901, 1, '2025-06-01 10:00+06', 'no_answer'), (902, 3, '2025-06-01 18:00+00', 'no_answer');
select is(
    pg_temp.days(), '1 06-01 call 3; 1 06-02 whatsapp 1; 2 06-01 visit 1; 3 06-02 call 1', 'an attempt is a call'
);

update trustcart.customer_interactions set direction = 'outbound' where id = 904;
select matches(pg_temp.days(), '2 06-01 email 1; 2 06-01 visit 1', 'inbound becomes outbound');
update trustcart.customer_interactions set direction = 'inbound', interaction_type = 'sms' where id = 904;
select is(
    pg_temp.days(), '1 06-01 call 3; 1 06-02 whatsapp 1; 2 06-01 visit 1; 3 06-02 call 1', 'and inbound again'
);
update trustcart.customer_interactions set interaction_type = 'sms' where id = 902;
select matches(pg_temp.days(), '^1 06-01 call 2; 1 06-01 sms 1; ', 'another channel');
update trustcart.customer_interactions set interaction_date = '2025-06-05 00:00+06' where id in (901, 902);
select matches(pg_temp.days(), '^1 06-01 call 1; 1 06-02 whatsapp 1; 1 06-05 call 1; 1 06-05 sms 1; ', 'another day');
update trustcart.customer_interactions set customer_id = 3 - customer_id where id in (903, 905);
select is(
    pg_temp.days(),
    '1 06-01 call 1; 1 06-01 visit 1; 1 06-05 call 1; 1 06-05 sms 1; 2 06-02 whatsapp 1; 3 06-02 call 1',
    'customers change places'
);
create temporary table unchanged as
select
    d.ctid as place,
    d.xmin as written
from trustcart_private.contact_days as d;
update trustcart.customer_interactions set outcome = 'successful', interaction_date = interaction_date;
update trustcart.crm_call_attempts set notes = 'x';
select set_eq(
    'select d.ctid as place, d.xmin as written from trustcart_private.contact_days as d', 'select u.place, u.written from unchanged as u',
    'other changes write nothing'
);

-- The attempt moves to another partition.
create table trustcart.attempts_of_july partition of trustcart.crm_call_attempts
for values from ('2025-07-01') to ('2025-08-01');
update trustcart.crm_call_attempts set attempted_at = '2025-07-02 10:00+06', customer_id = 2 where id = 902;
select matches(pg_temp.days(), '2 06-02 whatsapp 1; 2 07-02 call 1$', 'an attempt of another month');
delete from trustcart.crm_call_attempts where id = 901;
select matches(pg_temp.days(), '^1 06-01 visit 1; 1 06-05 call 1; ', 'an attempt is taken back');
delete from trustcart.customer_interactions where id in (901, 903, 904);
select is(pg_temp.days(), '1 06-01 visit 1; 1 06-05 sms 1; 2 07-02 call 1', 'interactions are taken back');
insert into trustcart.customer_interactions (id, customer_id, interaction_type, interaction_date)
values (905, 1, 'visit', '2025-06-07 10:00+06'), (906, 1, 'visit', '2025-06-07 10:00+06')
on conflict (id) do update set interaction_date = excluded.interaction_date;
select is(pg_temp.days(), '1 06-05 sms 1; 1 06-07 visit 2; 2 07-02 call 1', 'an upsert');

insert into trustcart.customer_interactions (customer_id, interaction_type) select 1, 'sms' where false;
delete from trustcart.customer_interactions where false;
select is(pg_temp.days(), '1 06-05 sms 1; 1 06-07 visit 2; 2 07-02 call 1', 'statements without rows');

-- A completed task has an interaction and an attempt.
insert into trustcart.crm_call_tasks (customer_id, task_date, status) values (3, trustcart.business_date(), 'completed');
select results_eq(
    'select channel, contacts from trustcart_private.contact_days where customer_id = 3 and contacts > 0',
    $$ values ('call', 2) $$, 'a completed call task'
);
delete from trustcart.customer_interactions where customer_id = 3;
delete from trustcart.crm_call_attempts where customer_id = 3;
select is_empty($$ select * from trustcart.check_customer_state() $$, 'the check agrees');

truncate trustcart.customer_interactions;
select is(pg_temp.days(), '2 07-02 call 1', 'after a truncate of interactions, attempts are left');
truncate trustcart.crm_call_attempts;
select is(pg_temp.days(), null, 'after a truncate of attempts');

delete from trustcart.crm_call_tasks;
delete from trustcart.customers where id = 1;
select is_empty(
    'select * from trustcart_private.contact_days where customer_id = 1', 'they go with the customer'
);

select * from finish();
rollback;

-- What the agent knows before dialling.
begin;
select plan(17);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.users (id, name) values (900001, 'A');
insert into trustcart.customers (id, first_name, last_name, date_of_birth, anniversary_date)
values (900001, 'Rahim', 'Uddin', '1990-03-12', '2010-03-20'), (900002, null, null, null, null);
insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)
values (900001, 'Mina', 'child', '2020-03-19'), (900001, 'Rina', 'spouse', '1992-03-11');
insert into trustcart.categories (id, name) values (900001, 'Ghee'), (900002, 'Honey');
insert into trustcart.products (id, name, category_id) values (900001, 'Ghee', 900001), (900002, 'Honey', 900002);
insert into trustcart.sales_orders (id, customer_id, order_date, ordered_at, total_amount, status)
values
(900001, 900001, '2031-02-01', null, 900, 'delivered'),
(900002, 900001, '2031-03-02', '2031-03-02 18:00+06', 1250.50, 'delivered'),
(900003, 900001, '2031-03-02', '2031-03-02 09:00+06', 300, 'delivered'),
(900004, 900001, '2031-03-05', null, 400, 'cancelled'),
(900005, 900001, '2031-03-20', null, 500, 'delivered');
insert into trustcart.sales_order_items (order_id, product_id, product_name)
values (900002, 900002, null), (900002, 900001, 'Ghee 1 kg'), (900002, 900002, null);
insert into trustcart.customer_interactions (customer_id, interaction_type, outcome, details, interaction_date, direction)
values
(900001, 'call', 'successful', 'Older', '2031-03-01 12:00+06', 'outbound'),
(900001, 'whatsapp', null, 'Asked for ghee', '2031-03-09 23:30+06', 'inbound'),
(900001, 'call', 'successful', 'Later', '2031-03-15 12:00+06', 'outbound');
insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until, language)
values (900001, '17:00', '19:30', 'en');
insert into trustcart.crm_call_tasks (id, customer_id, task_type, task_date, reasons)
values
(900001, 900001, 'other', '2031-03-12', '[{"task_type": "other"}]'),
(900002, 900002, 'other', '2031-03-12', default);
create temporary view told as
select
    trustcart.call_script(900001, '2031-03-12') as script,
    trustcart.call_script(900001, '2031-03-12') -> 'greeting' as greeting,
    trustcart.call_script(900002, '2031-03-12') -> 'greeting' as stranger;

select is(
    (select array_agg(k order by k) from told as t cross join lateral jsonb_object_keys(t.script) as k),
    array['donts', 'dos', 'focus', 'greeting', 'offer', 'reasons', 'recommended_action', 'task_id', 'title'],
    'what a script holds'
);
select is((select t.script -> 'task_id' from told as t), '900001', 'the task');
select is((select t.script -> 'reasons' from told as t), '[{"task_type": "other"}]', 'the reasons of the task');
select is((select t.greeting ->> 'name' from told as t), 'Rahim Uddin', 'the name');
select results_eq(
    $$select t.greeting ->> 'customer_type', t.greeting ->> 'lifecycle_stage', (t.greeting ->> 'lifetime_value')::numeric,
        (t.greeting ->> 'order_count')::integer from told as t$$,
    $$select c.customer_type, c.lifecycle_stage, c.total_spend, c.order_count from trustcart.customers as c where c.id = 900001$$,
    'type, stage, value and orders of the customer'
);
select is(
    (select t.greeting -> 'last_order' from told as t),
    '{"date": "2031-03-02", "amount": 1250.5, "items": ["Honey", "Ghee 1 kg"]}',
    'the last counted order up to the day, each of its products once, in its own words'
);
select is((select t.greeting -> 'days_since_last_order' from told as t), '10', 'days since');
select is(
    (select t.greeting -> 'events' from told as t),
    '[
        {"event_type": "birthday", "name": "Rahim Uddin", "relationship": null, "event_date": "2031-03-12"},
        {"event_type": "family_birthday", "name": "Mina", "relationship": "child", "event_date": "2031-03-19"}
    ]',
    'events from today to 7 days later'
);
select is(
    (select t.greeting -> 'last_contact' from told as t),
    '{"date": "2031-03-09", "channel": "whatsapp", "outcome": null, "notes": "Asked for ghee"}',
    'the last contact up to the day, of any channel, by the business date'
);
select is(
    (select t.greeting -> 'preferred_hours' from told as t),
    '{"from": "17:00", "until": "19:30", "time_zone": "Asia/Dhaka"}', 'hours the customer prefers'
);
select is((select t.greeting ->> 'language' from told as t), 'en', 'language');
insert into trustcart.customers (id) values (900003);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount) values (900006, 900003, trustcart.business_date() - 1, 9);
insert into trustcart.sales_order_items (order_id, product_id, quantity) values (900006, 900001, 1), (900006, 900002, 1);
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (900003, 900003, trustcart.business_date());
do $$ begin perform trustcart.refresh_customer_behavior(); end $$;
select results_eq(
    $$select v.name from jsonb_array_elements_text(trustcart.call_script(900003) #> '{greeting,preferred_categories}') as v (name)
    order by 1$$,
    $$values ('Ghee'), ('Honey')$$, 'what the customer likes; today without a date'
);
select is(
    (select t.stranger - '{customer_type,lifecycle_stage,lifetime_value,order_count}'::text[] from told as t),
    '{
        "name": null, "last_order": null, "days_since_last_order": null, "preferred_categories": [], "events": [],
        "last_contact": null, "preferred_hours": null, "language": null
    }',
    'of a stranger nothing, and no error'
);
insert into trustcart.crm_call_attempts (customer_id, outcome, notes, attempted_at)
values (900001, 'no_answer', 'Rang out', '2031-03-11 12:00+06');
select is(
    (select t.greeting #>> '{last_contact,outcome}' from told as t), 'no_answer', 'an attempt that reached nobody is one'
);
update trustcart.customers set date_of_birth = '2000-02-29', anniversary_date = null where id = 900001;
select is(
    trustcart.call_script(900001, '2031-02-22') #>> '{greeting,events,0,event_date}', '2031-02-28',
    '29 February is on the 28th in other years'
);
select is(
    trustcart.call_script(900001, '2032-02-22') #>> '{greeting,events,0,event_date}', '2032-02-29', 'and on its own in leap years'
);
select is(
    jsonb_array_length(trustcart.call_script(900001, '1999-02-27') #> '{greeting,events}'), 0,
    'who was not born yet has no birthday'
);

select * from finish();
rollback;

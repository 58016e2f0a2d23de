-- A handful of customers for the examples, dated from the business date. Each example includes it and rolls it back, so
-- they can be run in any migrated database without customers of these ids.
insert into trustcart.users (id, name, role)
overriding system value
values (9001, 'Nusrat Jahan', 'crm_agent'), (9002, 'Tanvir Ahmed', 'crm_agent');

insert into trustcart.customers (id, first_name, last_name, phone, date_of_birth, assigned_agent_id)
values
(9001, 'Ayesha', 'Rahman', '01712-345601', trustcart.business_date() + 2 - interval '28 years', 9001),
(9002, 'Karim', 'Chowdhury', '+880 1712 345602', null, 9002),
(9003, 'Salma', 'Islam', '01712345603', null, null),
(9004, 'Rafiq', 'Hossain', '০১৭১২৩৪৫৬০৪', null, 9001),
(9005, 'Tania', 'Das', null, null, null);

insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)
values (9002, 'Mitu Chowdhury', 'spouse', trustcart.business_date() + 5 - interval '28 years');

-- Ayesha buys every three weeks, Karim spent much and fell silent, Salma is new, Rafiq slips away, Tania only asked.
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select
    9001,
    trustcart.business_date() - 6 - 21 * n,
    1200 + 100 * n,
    'delivered'
from generate_series(0, 7) as n;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values
(9002, trustcart.business_date() - 240, 30000, 'delivered'),
(9002, trustcart.business_date() - 131, 28000, 'delivered'),
(9003, trustcart.business_date() - 4, 650, 'shipped'),
(9004, trustcart.business_date() - 120, 900, 'delivered'),
(9004, trustcart.business_date() - 72, 1500, 'delivered'),
(9004, trustcart.business_date() - 10, 5000, 'cancelled');

insert into trustcart.customer_interactions (customer_id, interaction_type, direction, subject, outcome, agent_id)
values (9005, 'call', 'inbound', 'Price of ghee by the case', 'successful', 9002);

do $$
begin
    perform trustcart.detect_dropoffs();
    perform trustcart.generate_daily_call_tasks();
end;
$$;

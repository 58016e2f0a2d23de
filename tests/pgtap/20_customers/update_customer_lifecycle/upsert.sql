-- One statement that inserts some orders and updates others of the same customers (on conflict do update) counts each once.
begin;
select plan(4);

insert into trustcart.customers (id) values (1), (2), (3);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (1, 1, '2025-01-10', 100, 'delivered'), (2, 2, '2025-01-10', 100, 'delivered');

insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values
(1, 1, '2025-01-10', 150, 'delivered'), (11, 1, '2025-02-10', 10, 'delivered'), (12, 1, '2025-02-11', 10, 'delivered'),
(2, 3, '2025-01-10', 100, 'delivered'), (13, 2, '2025-02-11', 7, 'delivered'), (14, 3, '2025-02-12', 8, 'delivered')
on conflict (id) do update set total_amount = excluded.total_amount, customer_id = excluded.customer_id;
select is_empty('select * from trustcart.check_customer_state()', 'edited, moved and new orders in one statement');

insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (1, 1, '2025-01-10', 160, 'delivered'), (21, 1, '2025-03-10', 10, 'delivered')
on conflict (id) do update set total_amount = excluded.total_amount;
select is_empty('select * from trustcart.check_customer_state()', 'a single new one beside an edited one');

update trustcart.sales_orders set total_amount = 170 where id = 1;
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (31, 1, '2025-03-11', 10, 'delivered');
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (32, 1, '2025-03-12', 10, 'delivered'), (33, 1, '2025-03-12', 10, 'delivered');
select is_empty('select * from trustcart.check_customer_state()', 'an edit and then new ones, statement by statement');

insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (1, 1, '2025-01-10', 1, 'delivered'), (41, 2, '2025-03-10', 10, 'delivered')
on conflict (id) do nothing;
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
values (2, 3, '2025-01-10', 1, 'delivered'), (42, 3, '2025-03-10', 10, 'delivered')
on conflict (id) do update set total_amount = excluded.total_amount where false;
select is_empty('select * from trustcart.check_customer_state()', 'conflicts that change nothing');

select * from finish();
rollback;

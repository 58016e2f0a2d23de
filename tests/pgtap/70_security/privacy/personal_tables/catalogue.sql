-- Whatever leads to a customer is found, by a foreign key or by the name of a column, however far away.
begin;
select plan(4);

select set_has(
    'select relation::text from trustcart_private.personal_tables()',
    $$ select c.conrelid::regclass::text from pg_constraint as c inner join pg_class as r on c.conrelid = r.oid
    where c.contype = 'f' and c.confrelid = 'trustcart.customers'::regclass and not r.relispartition $$,
    'whatever refers to customers'
);
select set_has(
    'select name, is_direct from trustcart_private.personal_tables()',
    $$ values ('events', true), ('audit_logs', true), ('call_requests', false), ('sales_order_items', false),
    ('campaign_delivery_attempts', false), ('campaign_receipts', false), ('order_attributions', false) $$,
    'and what has no key, or one of theirs'
);
create table trustcart_private.letters (order_item_id bigint references trustcart.sales_order_items);
create table trustcart_private.stamps (id bigint, message_id bigint, order_id text);
select results_eq(
    $$ select name, condition from trustcart_private.personal_tables() where name in ('letters', 'stamps') order by 1 $$,
    $$ values ('letters', '((t.order_item_id) in (select p3.id from trustcart.sales_order_items as p3 where '
    '(p3.order_id) in (select p2.id from trustcart.sales_orders as p2 where p2.customer_id = any($1))))'),
    ('stamps', '((t.message_id) in (select p2.id from trustcart.campaign_messages as p2 where '
    'p2.customer_id = any($1)))') $$,
    'also tomorrow''s'
);
select is_empty(
    $$ select name from trustcart_private.personal_tables()
    where name in ('users', 'settings', 'products', 'marketing_campaigns', 'segments', 'agent_days') $$,
    'and nothing else'
);

select * from finish();
rollback;

-- The guide's CREATE TRIGGER works as printed, on a table of anybody's.
begin;
select plan(3);

create temporary table customers (id serial primary key, name text, api_token text, phone text);
set local search_path to trustcart, tap, public;
create trigger audit_customer_changes
after update on pg_temp.customers
for each row execute function log_audit_trail();
insert into pg_temp.customers (name, api_token, phone) values ('A', 'first secret', '+8801712345678');
update pg_temp.customers set name = 'B', api_token = 'second secret', phone = '+8801812345678';

select results_eq(
    'select l.action, l.table_name, l.record_id from trustcart.audit_logs as l order by l.id desc limit 1',
    $$ values ('update', 'customers', 1::bigint) $$,
    'each row'
);
select results_eq(
    'select l.old_values, l.new_values from trustcart.audit_logs as l order by l.id desc limit 1',
    $$ select
        jsonb_build_object(
            'name', 'A', 'api_token', '***', 'phone', trustcart_private.mask_address('+8801712345678')
        ),
        jsonb_build_object(
            'name', 'B', 'api_token', '***', 'phone', trustcart_private.mask_address('+8801812345678')
        ) $$,
    'masked by the names of the columns; of a secret that it changed'
);
drop trigger audit_customer_changes on pg_temp.customers;
select throws_ok(
    $$ create trigger customers_audit_update after update on trustcart.customers
    for each row execute function log_audit_trail() $$,
    '42710', null, 'ours is there already'
);

select * from finish();
rollback;

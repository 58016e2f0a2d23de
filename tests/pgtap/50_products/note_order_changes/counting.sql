-- An order is noted when it begins or ceases to count, or goes to another day or customer.
begin;
select plan(6);

insert into trustcart.customers (id)
overriding system value
values (1), (2);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)
overriding system value
values (1, 1, '2026-06-01', 100, 'pending'), (2, 1, '2026-06-01', 100, 'cancelled');
create function pg_temp.noted()
returns bigint[]
language plpgsql
as $$
declare
    v_ids bigint[];
begin
    v_ids := array(select distinct b.order_id from trustcart_private.changed_baskets as b order by 1);
    delete from trustcart_private.changed_baskets;
    return v_ids;
end;
$$;
update trustcart.sales_orders set status = 'delivered', total_amount = 200
where id = 1;
select is(pg_temp.noted(), '{}', 'from one status that counts to another');
update trustcart.sales_orders set status = 'returned';
select is(pg_temp.noted(), '{1}', 'it ceases to count; the other did not before');
update trustcart.sales_orders set status = 'shipped'
where id = 2;
select is(pg_temp.noted(), '{2}', 'it begins to');
update trustcart.sales_orders set order_date = '2026-06-02'
where id = 2;
select is(pg_temp.noted(), '{2}', 'another day');
update trustcart.sales_orders set customer_id = 2
where id = 2;
select is(pg_temp.noted(), '{2}', 'another customer');
update trustcart.sales_orders set notes = 'leave at the door', payment_method = 'bKash';
select is(pg_temp.noted(), '{}', 'anything else');

select * from finish();
rollback;

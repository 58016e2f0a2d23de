-- Each figure that is wrong is named, with what it is and what it should be.
begin;
select plan(4);

insert into trustcart.products (id, name)
overriding system value
values (1, 'Honey'), (2, 'Ghee');
insert into trustcart.customers (id)
overriding system value
values (1);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
overriding system value
values (1, 1, '2026-06-01', 100), (2, 1, '2026-06-11', 100);
insert into trustcart.sales_order_items (order_id, product_id)
values (1, 1), (1, 2), (2, 1);
select is_empty('select * from trustcart.check_recommendations()', 'before the first run nothing is kept');
do $$ begin perform trustcart.refresh_recommendations('2026-06-15'); end $$;
select is_empty('select * from trustcart.check_recommendations()', 'all is right');
insert into trustcart.sales_order_items (order_id, product_id)
values (2, 2);
select results_eq(
    $$select subject from trustcart.check_recommendations() order by 1$$,
    $$values ('order 2'), ('product 2'), ('products 1 and 2'), ('products 2 and 1')$$,
    'a change that no run has taken in yet is a difference'
);
do $$ begin perform trustcart.refresh_recommendations('2026-06-15'); end $$;
update trustcart.product_figures set interval_days = 9
where product_id = 1;
update trustcart.product_pairs set orders = 1
where product_id = 2;
update trustcart.recommendation_state set baskets = 7;
select results_eq(
    'select * from trustcart.check_recommendations() order by 1',
    $$values ('baskets', '7', '2'), ('product 1', '2, 2, 1, 9.000', '2, 2, 1, 10.000'), ('products 2 and 1', '1', '2')$$,
    'so is what somebody else wrote'
);

select * from finish();
rollback;

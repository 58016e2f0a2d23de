drop table if exists trustcart.carts;
drop table if exists trustcart.sales_order_items;
drop table if exists trustcart.sales_orders;
drop table if exists trustcart.products;
drop table if exists trustcart.categories;

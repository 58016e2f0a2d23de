drop table if exists trustcart.customers;

drop table if exists trustcart.users;

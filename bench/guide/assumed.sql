-- What the guide takes for granted and does not print: the ERP's own tables, with the columns that its SQL reads.
create table users (
    id integer primary key,
    name varchar(100),
    role varchar(30)
);
create table customers (
    id integer primary key,
    email varchar(100),
    phone varchar(20),
    first_name varchar(50),
    last_name varchar(50),
    date_of_birth date,
    anniversary_date date,
    priority_level varchar(20),
    customer_type varchar(20),
    lifecycle_stage varchar(30),
    total_spend decimal(12, 2),
    last_order_date date,
    notes text
);
create table sales_orders (
    id integer primary key,
    customer_id integer references customers (id),
    order_date date,
    total_amount decimal(12, 2),
    status varchar(20)
);

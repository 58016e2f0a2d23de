-- check_customer_state() names the words that customer_words lacks or has too many of.
begin;
select plan(2);

insert into trustcart.customers (id, first_name, last_name) values (1, 'Rahima', 'Begum');
select is_empty('select * from trustcart.check_customer_state()', 'none at first');
update trustcart_private.customer_words set word = 'rahim' where word = 'rahima';
select set_eq(
    'select c.customer_id, c.figure, c.maintained, c.recomputed from trustcart.check_customer_state() as c',
    $$values (1::bigint, 'word in customer_words', 'rahim', null), (1, 'word in customer_words', null, 'rahima')$$,
    'one too many, one too few'
);

select * from finish();
rollback;

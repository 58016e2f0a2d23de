begin;
select plan(9);

insert into trustcart.customers (id, phone) values (1, '01711-111111'), (2, '01711111111'), (3, 'ext. 12');
select trustcart.flag_wrong_number(c.id, p_at => '2025-06-01 10:00+06') from trustcart.customers as c;
select is(
    trustcart.clear_wrong_number(1, '+880 1711 111111', '2025-06-02 10:00+06'), '+8801711111111',
    'however the number is written'
);
select results_eq(
    'select flagged_at, cleared_at from trustcart.customer_phone_flags where customer_id = 1',
    $$ values (timestamptz '2025-06-01 10:00+06', timestamptz '2025-06-02 10:00+06') $$, 'the flag stays as history'
);
select is(trustcart_private.number_to_dial(1), '01711-111111', 'it is dialled again');
select is(trustcart_private.number_to_dial(2), null, 'that of another customer is not');
select is(trustcart.clear_wrong_number(3, ' ext. 12'), 'ext. 12', 'one that cannot be read as a number');
select trustcart.flag_wrong_number(1);
select is(
    (select count(*) from trustcart.customer_phone_flags where customer_id = 1), 2::bigint, 'it may be flagged again'
);

select throws_ok($$ select trustcart.clear_wrong_number(1, ' ') $$, 'TC003', 'phone is required', 'no number');
select throws_ok($$ select trustcart.clear_wrong_number(9, 'x') $$, 'TC004', 'there is no customer 9', 'no customer');
select throws_ok(
    $$ select trustcart.clear_wrong_number(3, 'ext. 12') $$, 'TC004', 'ext***12 of customer 3 is not flagged',
    'cleared already'
);

select * from finish();
rollback;

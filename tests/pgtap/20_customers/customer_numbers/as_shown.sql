-- What pages show of a customer's numbers: phone before mobile, what can be dialled, and what an agent found wrong.
begin;
select plan(5);

insert into trustcart.customers (id, phone, mobile) values
(1, ' 01711223344 ', 'extension 12'), (2, '01811223344', '+8801811223344'), (3, null, '02-9876543'), (4, null, ' ');
select trustcart.flag_wrong_number(1);

create function pg_temp.numbers(p_customer_id bigint) returns table (kind text, number text, dial text, flags text)
language sql as $$
select n.kind, n.number, n.dial, concat_ws(
    ' ', case when n.is_mobile then 'mobile' end, case when n.is_wrong then 'wrong' end,
    case when n.is_repeated then 'repeated' end
)
from trustcart.customer_numbers(p_customer_id) as n
$$;
select results_eq(
    'select * from pg_temp.numbers(1)',
    $$values ('phone', '01711223344', '+8801711223344', 'mobile wrong'), ('mobile', 'extension 12', null, '')$$,
    'one that is flagged, and one that cannot be dialled'
);
select results_eq(
    'select * from pg_temp.numbers(2)',
    $$values ('phone', '01811223344', '+8801811223344', 'mobile'),
    ('mobile', '+8801811223344', '+8801811223344', 'mobile repeated')$$,
    'the same number twice'
);
select results_eq(
    'select * from pg_temp.numbers(3)', $$values ('mobile', '02-9876543', '+88029876543', '')$$, 'a landline alone'
);
select is_empty('select * from pg_temp.numbers(4)', 'blanks are no number');
select is_empty('select * from pg_temp.numbers(5)', 'nobody');

select * from finish();
rollback;

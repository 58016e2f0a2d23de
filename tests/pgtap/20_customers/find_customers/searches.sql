-- Found by the beginnings of words, by any spelling of a number, by address and by id.
begin;
select plan(29);

insert into trustcart.customers (id, first_name, last_name, email, phone, mobile) values
(1, 'Rahima', 'Begum', 'rahima@example.com', '01711111111', null),
(2, 'Abdur', 'Rahman', null, null, '01722222222'),
(3, U&'\09B0\09B9\09BF\09AE\09BE', U&'\0996\09BE\09A4\09C1\09A8', null, null, null),
(4, 'Karim', 'O''Rahim', null, '02-9876543', null),
(5, 'RAHIMA', 'Akter-Begum', null, '01711111111', null),
(12345, 'Number', '1711', null, null, null);
insert into trustcart.customer_family_members (customer_id, name, relationship, phone)
values (2, 'Rahima', 'spouse', '+880 1733-333333');

create function pg_temp.found(p_search text)
returns bigint[] language sql as $$
    select array(select i from unnest(f.customer_ids) as i order by i) from trustcart.find_customers(p_search) as f
$$;

select is(pg_temp.found('rahima'), array[1, 5]::bigint[], 'a first name, whatever its case');
select is(pg_temp.found('beg'), array[1, 5]::bigint[], 'the beginning of a last name, of any of its words');
select is(pg_temp.found('begum rah'), array[1, 5]::bigint[], 'several words, in any order');
select is(pg_temp.found('rahima beg'), array[1, 5]::bigint[], 'the last one still typed');
select is(pg_temp.found('Akter-Begum'), array[5]::bigint[], 'as it is written');
select is(pg_temp.found('rah'), array[1, 2, 4, 5]::bigint[], 'of all of these');
select is(pg_temp.found('ahima'), '{}'::bigint[], 'not the middle of a word');
select is(pg_temp.found('rahima karim'), '{}'::bigint[], 'not words of two people');
select is(pg_temp.found('rahima rahima'), array[1, 5]::bigint[], 'a word said twice counts once');
select is(pg_temp.found(U&'\09B0\09B9'), array[3]::bigint[], 'Bangla');
select is(pg_temp.found(U&'\09B0\09B9\09BF\09AE\09BE \0996'), array[3]::bigint[], 'Bangla, two words');
select is(pg_temp.found('%'), '{}'::bigint[], 'nothing but signs is nobody');
select is(pg_temp.found('rah%'), array[1, 2, 4, 5]::bigint[], 'signs mean nothing');
select is(pg_temp.found('01711111111'), array[1, 5]::bigint[], 'a number, all who have it');
select is(pg_temp.found('+880 1711-111111'), array[1, 5]::bigint[], 'in another spelling');
select is(
    pg_temp.found(U&'\09E6\09E7\09ED\09E7\09E7\09E7\09E7\09E7\09E7\09E7\09E7'), array[1, 5]::bigint[],
    'in Bangla digits'
);
select is(pg_temp.found('1722222222'), array[2]::bigint[], 'a second number');
select is(pg_temp.found('01733333333'), array[2]::bigint[], 'of the family');
select is(pg_temp.found('029876543'), array[4]::bigint[], 'a landline');
select is(pg_temp.found('0171'), '{}'::bigint[], 'not the beginning of one');
select is(pg_temp.found('RAHIMA@example.com'), array[1]::bigint[], 'an e-mail address');
select is(pg_temp.found('rahima@example'), '{}'::bigint[], 'not the beginning of one, either');
select is(pg_temp.found('12345'), array[12345]::bigint[], 'an id');
select is(pg_temp.found('#3'), array[3]::bigint[], 'an id as the page writes it');
select is(pg_temp.found('99999999999999999999999'), '{}'::bigint[], 'what is no id is none');
select is(cardinality(pg_temp.found('  ')), 6, 'blanks search nothing');
select results_eq(
    $$select f.search_kind, f.match_count, f.more_than, f.is_unfinished from trustcart.find_customers('rah') as f$$,
    $$values ('name', 4::bigint, null::integer, false)$$, 'how many there are'
);
select results_eq(
    $$select f.search_kind, f.match_count from trustcart.find_customers('#3') as f$$, $$values ('number', 1::bigint)$$,
    'a number is no name'
);
select throws_ok(
    $$select * from trustcart.find_customers(repeat('x', 201))$$, 'TC005', null, 'a search that is too long'
);

select * from finish();
rollback;

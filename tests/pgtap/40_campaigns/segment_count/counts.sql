-- The live count.
begin;
select plan(3);

insert into trustcart.customers (id, gender) values (1, 'female'), (2, 'female'), (3, 'male');
select trustcart.create_segment('women', '[{"attribute": "gender", "words": ["female"]}]');
select is(trustcart.segment_count('women'), 2::bigint, 'a saved one');
select is(trustcart.segment_count('all'), 3::bigint, 'all');
select throws_ok($$select trustcart.segment_count('men')$$, 'TC002', 'there is no segment ''men''', 'unknown');

select * from finish();
rollback;

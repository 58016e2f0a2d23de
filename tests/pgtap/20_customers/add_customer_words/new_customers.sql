-- The words of new customers' names are in customer_words, however many come at once.
begin;
select plan(5);

create function pg_temp.words(p_customer_id bigint)
returns text language sql as $$
    select string_agg(w.word, ' ' order by w.word)
    from trustcart_private.customer_words as w
    where w.customer_id = p_customer_id
$$;

insert into trustcart.customers (id, first_name, last_name, email) values
(1, 'Md. Abdul', 'Al-Amin  Khan', 'Rahim@Example.com'),
(2, U&'\09AF\09BC\09BE\09B8\09AE\09BF\09A8', U&'\09A6\09BF\200D\09B2\0964', null),
(3, U&'\09DF\09BE\09B8\09AE\09BF\09A8', null, null),
(4, null, null, null),
(5, repeat('x', 3000), repeat('y ', 3000), null);
select is(pg_temp.words(1), '@rahim@example.com abdul al amin khan md', 'small letters, without dots and hyphens');
select is(
    pg_temp.words(2), U&'\09A6\09BF\09B2 \09AF\09BC\09BE\09B8\09AE\09BF\09A8',
    'Bangla keeps its vowel signs, and loses joiners and the danda'
);
select is(pg_temp.words(3), U&'\09AF\09BC\09BE\09B8\09AE\09BF\09A8', 'one spelling of what can be typed in two');
select is(pg_temp.words(4), null, 'nobody''s name has none');
select is(pg_temp.words(5), repeat('x', 40) || ' y', 'each once, and its beginning');

select * from finish();
rollback;

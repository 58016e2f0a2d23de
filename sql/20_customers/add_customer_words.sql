create or replace function trustcart_private.add_customer_words()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart_private.customer_words (word, customer_id)
    select
        w.word,
        n.id
    from new_rows as n
    cross join lateral unnest(
        trustcart_private.words_of_customer(n.first_name, n.last_name, n.email)
    ) as w (word)
    where w.word is not null;
    return null;
end;
$$;
comment on function trustcart_private.add_customer_words() is
'Trigger of customers, by statement: the words of new rows go to customer_words.';

create or replace function trustcart_private.sync_customer_words()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from trustcart_private.customer_words as w
    where w.customer_id = new.id;
    insert into trustcart_private.customer_words (word, customer_id)
    select
        w.word,
        new.id
    from unnest(trustcart_private.words_of_customer(new.first_name, new.last_name, new.email)) as w (word)
    where w.word is not null;
    return null;
end;
$$;
comment on function trustcart_private.sync_customer_words() is
'Trigger of customers, by row: after a change of the name or the e-mail address the rows of customer_words are those of
the new ones.';

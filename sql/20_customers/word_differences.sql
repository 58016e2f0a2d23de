create or replace function trustcart_private.word_differences()
returns table (customer_id bigint, maintained text, recomputed text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        coalesce(k.customer_id, w.customer_id),
        k.word,
        w.word
    from trustcart_private.customer_words as k
    full join (
        select
            c.id as customer_id,
            u.word collate "C" as word
        from trustcart.customers as c
        cross join lateral unnest(
            trustcart_private.words_of_customer(c.first_name, c.last_name, c.email)
        ) as u (word)
        where u.word is not null
    ) as w
        on k.customer_id = w.customer_id and k.word = w.word
    where k.word is null or w.word is null;
end;
$$;
comment on function trustcart_private.word_differences() is
'The words that customer_words has and the name has not, or the other way round, for check_customer_state().';

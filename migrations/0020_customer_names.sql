-- Customers found by name, and their list by any filters in either order.
-- depends: 0019_idempotency

-- What it gives is stored, so it is stateful and lives here, not in sql/: another rule is another migration, that fills
-- the table anew.
create or replace function trustcart_private.search_words(p_text text)
returns text[]
language plpgsql immutable parallel safe strict
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := p_text;
begin
    if v_text !~ '^[\x01-\x7f]*$' and getdatabaseencoding() = 'UTF8' then
        -- Bangla letters are typed as one character or as two, joined or not; both are one word. Accents are left away,
        -- as who searches does.
        v_text := regexp_replace(normalize(v_text, nfkd), '[\u0300-\u036f\u200b-\u200d\u2060\ufeff]', '', 'g');
    end if;
    return array(
        select distinct left(w.word, 40)
        from regexp_split_to_table(lower(v_text), '[\s!-/:-@\[-`{-~।॥‘’“”–—…]+') as w (word)
        where w.word <> ''
        limit 30
    );
end;
$$;
comment on function trustcart_private.search_words(text) is
'The different words of a name as they are searched: lower case, without accents and what stands between them, Bangla in
one spelling; 40 characters of each, 30 words at most.';

create or replace function trustcart_private.words_of_customer(p_first_name text, p_last_name text, p_email text)
returns text[]
language sql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
select coalesce(trustcart_private.search_words(concat_ws(' ', p_first_name, p_last_name)), '{}')
    || coalesce(array['@' || left(lower(btrim(p_email)), 254)], '{}')
$$;
comment on function trustcart_private.words_of_customer(text, text, text) is
'What customer_words has of a customer: the words of the name, and the e-mail address behind an @, which no word of a
name begins with.';

create table if not exists trustcart_private.customer_words (
    word text collate "C" not null,
    customer_id bigint not null,
    constraint customer_words_pkey primary key (customer_id, word),
    constraint customer_words_customer_id_fkey foreign key (customer_id)
    references trustcart.customers (id) on delete cascade
);
create index if not exists customer_words_word_idx on trustcart_private.customer_words (word, customer_id);
comment on table trustcart_private.customer_words is
'Who has which words in the name, for find_customers(); kept by triggers. An index on customers would be written by each
order.';
comment on column trustcart_private.customer_words.word is
'The word as search_words() gives it, or the e-mail address behind an @. Ordered by its bytes, so that a beginning is a
range.';
comment on column trustcart_private.customer_words.customer_id is 'The customer; goes with them.';

insert into trustcart_private.customer_words (word, customer_id)
select
    w.word,
    c.id
from trustcart.customers as c
cross join lateral unnest(
    trustcart_private.words_of_customer(c.first_name, c.last_name, c.email)
) as w (word)
where w.word is not null
on conflict do nothing;

-- The labels together occur in some twenty ways, and of each this index gives a run sorted by date: whatever is
-- filtered by, a page of the list is merged from the beginnings of these. By idx_customers_last_order one would read
-- past all who ordered later and have another label. An order's entry goes to where those of the day are, so it is
-- cheap (measured: an order takes 0 to 6% longer; the same by total_spend would take 13 to 19%: find_customers() does
-- without).
create index if not exists customers_labels_last_order_idx
on trustcart.customers (lifecycle_stage, priority_level, customer_type, last_order_date desc nulls last, id desc);

-- They have one argument more now.
drop function if exists trustcart_api.list_customer360(text, text, text, integer, integer, text);
drop function if exists trustcart_api.dropoff(text, integer);

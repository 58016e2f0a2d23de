drop function if exists trustcart_api.list_customer360(text, text, text, integer, integer, text, text);
drop function if exists trustcart_api.dropoff(text, integer, text);
drop index if exists trustcart.customers_labels_last_order_idx;
drop table if exists trustcart_private.customer_words;
drop function if exists trustcart_private.words_of_customer(text, text, text);
drop function if exists trustcart_private.search_words(text);

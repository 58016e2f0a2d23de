-- requires: mark_product_buyers_due

-- By row and column: the stock changes with every order, the category hardly ever.
create or replace trigger products_behavior_update
after update of category_id on trustcart.products
for each row
when (old.category_id is distinct from new.category_id)
execute function trustcart_private.mark_product_buyers_due();

comment on trigger products_behavior_update on trustcart.products is
'Who bought a product bought from the category it is in now.';

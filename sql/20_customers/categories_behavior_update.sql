-- requires: mark_category_buyers_due

create or replace trigger categories_behavior_update
after update on trustcart.categories
referencing old table as old_rows new table as new_rows
for each statement
execute function trustcart_private.mark_category_buyers_due();

comment on trigger categories_behavior_update on trustcart.categories is
'A renamed category is known by its new name at once.';

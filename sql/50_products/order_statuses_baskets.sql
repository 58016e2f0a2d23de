-- requires: note_status_changes

create or replace trigger order_statuses_baskets
after update of counts on trustcart.order_statuses
for each row
when (old.counts is distinct from new.counts)
execute function trustcart_private.note_status_changes();

comment on trigger order_statuses_baskets on trustcart.order_statuses is
'Notes the orders that begin or cease to count with their status, for the next refresh_recommendations().';

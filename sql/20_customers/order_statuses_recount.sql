-- requires: recount_status

create or replace trigger order_statuses_recount
after update of counts on trustcart.order_statuses
for each row
when (old.counts is distinct from new.counts)
execute function trustcart_private.recount_status();

comment on trigger order_statuses_recount on trustcart.order_statuses is
'Keeps customer state right when what counts as an order changes.';

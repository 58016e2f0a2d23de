-- requires: recount_status

create or replace trigger order_statuses_advance
before update of counts on trustcart.order_statuses
for each row
when (old.counts is distinct from new.counts)
execute function trustcart_private.recount_status();

comment on trigger order_statuses_advance on trustcart.order_statuses is
'Lets the days pass that no job has counted yet, before what counts as an order changes.';

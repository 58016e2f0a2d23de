-- requires: refuse_segment_loss

create or replace trigger segments_keep_delete
after delete on trustcart.segments
for each row
execute function trustcart_private.refuse_segment_loss();

comment on trigger segments_keep_delete on trustcart.segments is 'Refuses to delete a segment in use.';

-- requires: refuse_segment_loss

create or replace trigger segments_keep_rename
after update on trustcart.segments
for each row
when (new.name <> old.name)
execute function trustcart_private.refuse_segment_loss();

comment on trigger segments_keep_rename on trustcart.segments is 'Refuses to rename a segment in use.';

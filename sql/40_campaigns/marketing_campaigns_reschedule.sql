-- requires: reschedule_campaign

create or replace trigger marketing_campaigns_reschedule
after update of start_date on trustcart.marketing_campaigns
for each row
when (new.frozen_at is not null and new.start_date is distinct from old.start_date)
execute function trustcart_private.reschedule_campaign();

comment on trigger marketing_campaigns_reschedule on trustcart.marketing_campaigns is
'Moves the queued messages with start_date.';

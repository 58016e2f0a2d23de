-- requires: hand_over_on_leave

create or replace trigger agent_leave_hand_over
after insert or update on trustcart.agent_leave
for each row
execute function trustcart_private.hand_over_on_leave();

comment on trigger agent_leave_hand_over on trustcart.agent_leave is
'Leave of today or later hands the agent''s open calls of those days to others, however it was entered.';

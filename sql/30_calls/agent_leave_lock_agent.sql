-- requires: lock_agent_of_leave

create or replace trigger agent_leave_lock_agent
before insert or update on trustcart.agent_leave
for each row
execute function trustcart_private.lock_agent_of_leave();

comment on trigger agent_leave_lock_agent on trustcart.agent_leave is
'Leave of one agent is entered by one session at a time.';

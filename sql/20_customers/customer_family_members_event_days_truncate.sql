-- requires: sync_family_event_days

create or replace trigger customer_family_members_event_days_truncate
after truncate on trustcart.customer_family_members
for each statement
execute function trustcart_private.sync_family_event_days();

comment on trigger customer_family_members_event_days_truncate on trustcart.customer_family_members is
'Keeps customer_event_days.';

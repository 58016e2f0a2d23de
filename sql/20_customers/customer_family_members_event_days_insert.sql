-- requires: add_family_event_days

create or replace trigger customer_family_members_event_days_insert
after insert on trustcart.customer_family_members
referencing new table as new_rows
for each statement
execute function trustcart_private.add_family_event_days();

comment on trigger customer_family_members_event_days_insert on trustcart.customer_family_members is
'Keeps customer_event_days.';

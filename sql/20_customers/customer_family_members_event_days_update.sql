-- requires: sync_family_event_days

create or replace trigger customer_family_members_event_days_update
after update of customer_id, date_of_birth, anniversary_date on trustcart.customer_family_members
for each row
when (
    old.customer_id <> new.customer_id
    or old.date_of_birth is distinct from new.date_of_birth
    or old.anniversary_date is distinct from new.anniversary_date
)
execute function trustcart_private.sync_family_event_days();

comment on trigger customer_family_members_event_days_update on trustcart.customer_family_members is
'Keeps customer_event_days.';

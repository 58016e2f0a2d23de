-- requires: renew_contact_days

create or replace trigger settings_contact_days
after update of time_zone on trustcart.settings
for each row
when (old.time_zone <> new.time_zone)
execute function trustcart_private.renew_contact_days();

comment on trigger settings_contact_days on trustcart.settings is
'In another time zone contacts fall on other days: contact_days is counted anew.';

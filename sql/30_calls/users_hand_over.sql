-- requires: hand_over_on_departure

create or replace trigger users_hand_over
after update on trustcart.users
for each row
when (
    old.is_active and old.role = 'crm_agent'
    and not (new.is_active and new.role = 'crm_agent')
)
execute function trustcart_private.hand_over_on_departure();

comment on trigger users_hand_over on trustcart.users is
'Who is deactivated or gets another role hands the open calls of today and later to others.';

-- requires: conceal_customer_phones, conceal_family_phone, conceal_flag_phone,
-- requires: conceal_message_address

create or replace function trustcart_private.make_phone_triggers()
returns void
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Made when encryption is turned on, not by a file of sql/: a BEFORE UPDATE trigger on customers makes every order
    -- lock its customer's row once more. They fire before those that derive, which are later in the alphabet.
    create or replace trigger customers_conceal
    before insert or update of phone, mobile on trustcart.customers
    for each row execute function trustcart_private.conceal_customer_phones();
    comment on trigger customers_conceal on trustcart.customers is 'Encryption of phone numbers is on.';

    create or replace trigger customer_family_members_conceal
    before insert or update of phone on trustcart.customer_family_members
    for each row execute function trustcart_private.conceal_family_phone();
    comment on trigger customer_family_members_conceal on trustcart.customer_family_members is
    'Encryption of phone numbers is on.';

    create or replace trigger customer_phone_flags_conceal
    before insert or update of phone on trustcart.customer_phone_flags
    for each row execute function trustcart_private.conceal_flag_phone();
    comment on trigger customer_phone_flags_conceal on trustcart.customer_phone_flags is
    'Encryption of phone numbers is on.';

    create or replace trigger campaign_messages_conceal
    before insert on trustcart.campaign_messages
    for each row execute function trustcart_private.conceal_message_address();
    comment on trigger campaign_messages_conceal on trustcart.campaign_messages is
    'Encryption of phone numbers is on.';
end;
$$;
comment on function trustcart_private.make_phone_triggers() is
'Makes the triggers that keep readable phone numbers out of the tables. Whoever writes to these tables is waited for.';

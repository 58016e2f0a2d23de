create or replace function trustcart_private.drop_phone_triggers()
returns void
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
set client_min_messages = warning
as $$
begin
    drop trigger if exists customers_conceal on trustcart.customers;
    drop trigger if exists customer_family_members_conceal on trustcart.customer_family_members;
    drop trigger if exists customer_phone_flags_conceal on trustcart.customer_phone_flags;
    drop trigger if exists campaign_messages_conceal on trustcart.campaign_messages;
end;
$$;
comment on function trustcart_private.drop_phone_triggers() is 'Takes back make_phone_triggers().';

-- requires: stored_phone

create or replace function trustcart_private.conceal_message_address()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.channel in ('sms', 'whatsapp') then
        new.address := trustcart_private.stored_phone(new.address, null, new.customer_id);
    end if;
    return new;
end;
$$;
comment on function trustcart_private.conceal_message_address() is
'Trigger, while encryption is on, of campaign_messages: a token in the place of the number written to.';

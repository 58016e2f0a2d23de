-- requires: stored_phone

create or replace function trustcart_private.conceal_customer_phones()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        new.phone := trustcart_private.stored_phone(new.phone, null);
        new.mobile := trustcart_private.stored_phone(new.mobile, null);
    else
        new.phone := trustcart_private.stored_phone(new.phone, old.phone);
        new.mobile := trustcart_private.stored_phone(new.mobile, old.mobile);
    end if;
    return new;
end;
$$;
comment on function trustcart_private.conceal_customer_phones() is
'Trigger, while encryption is on, of customers: tokens in the place of the numbers that were entered.';

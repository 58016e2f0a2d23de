-- requires: stored_phone

create or replace function trustcart_private.conceal_family_phone()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    new.phone := trustcart_private.stored_phone(new.phone, case when tg_op = 'UPDATE' then old.phone end);
    return new;
end;
$$;
comment on function trustcart_private.conceal_family_phone() is
'Trigger, while encryption is on, of customer_family_members: a token in the place of the number.';

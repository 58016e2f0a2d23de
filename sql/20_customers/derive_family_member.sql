-- requires: normalize_phone

create or replace function trustcart_private.derive_family_member()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
    new.phone_e164 := trustcart.normalize_phone(new.phone);
    return new;
end;
$$;
comment on function trustcart_private.derive_family_member() is
'Trigger: phone_e164 follows from the phone as typed, whatever value was supplied.';

-- requires: e164_of

create or replace function trustcart_private.derive_family_member()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    new.phone_e164 := trustcart_private.e164_of(new.phone);
    return new;
end;
$$;
comment on function trustcart_private.derive_family_member() is
'Trigger: phone_e164 follows from the phone as typed, whatever value was supplied.';

create or replace function trustcart_private.phones_are_mixed()
returns boolean
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select e.state in ('turning_on', 'turning_off') from trustcart_private.phone_encryption as e);
end;
$$;
comment on function trustcart_private.phones_are_mixed() is
'Whether tokens and readable numbers stand in the phone columns: encryption is being turned on or off.';

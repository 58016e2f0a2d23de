create or replace function trustcart.version()
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select i.version from trustcart_private.installation as i);
end;
$$;
comment on function trustcart.version() is
'The version of trustcart-db that last migrated this database; null while no migrate has completed.';

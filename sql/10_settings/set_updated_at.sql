create or replace function trustcart_private.set_updated_at()
returns trigger
language plpgsql
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;
comment on function trustcart_private.set_updated_at() is 'Trigger: updated_at is the time of the last change.';

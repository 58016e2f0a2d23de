-- requires: recount_contact_days

create or replace function trustcart_private.renew_contact_days()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.recount_contact_days();
    return null;
end;
$$;
comment on function trustcart_private.renew_contact_days() is
'Trigger: what cannot be added or taken away row by row, a truncate or another time zone, counts contact_days anew.';

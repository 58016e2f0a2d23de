create or replace function trustcart_private.sync_customer_phones()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from trustcart_private.phone_book as b
    where b.customer_id = new.id and b.family_member_id is null;
    -- The row as it stands, not NEW: what was written into phone_e164 by hand has been undone by now.
    insert into trustcart_private.phone_book (phone_e164, customer_id, kind)
    select
        k.phone_e164,
        c.id,
        k.kind
    from trustcart.customers as c
    cross join lateral (values (c.phone_e164, 'phone'), (c.mobile_e164, 'mobile')) as k (phone_e164, kind)
    where c.id = new.id and k.phone_e164 is not null;
    return null;
end;
$$;
comment on function trustcart_private.sync_customer_phones() is
'Trigger of customers, by row: after a change of numbers the rows of phone_book are those of the new ones.';

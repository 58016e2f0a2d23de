create or replace function trustcart_private.add_family_phones()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart_private.phone_book (phone_e164, customer_id, family_member_id, kind)
    select
        n.phone_e164,
        n.customer_id,
        n.id,
        'phone'
    from new_rows as n
    where n.phone_e164 is not null;
    return null;
end;
$$;
comment on function trustcart_private.add_family_phones() is
'Trigger of customer_family_members, by statement: the numbers of new rows go to phone_book.';

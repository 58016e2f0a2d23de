create or replace function trustcart_private.add_customer_phones()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart_private.phone_book (phone_e164, customer_id, kind)
    select
        k.phone_e164,
        n.id,
        k.kind
    from new_rows as n
    cross join lateral (values (n.phone_e164, 'phone'), (n.mobile_e164, 'mobile')) as k (phone_e164, kind)
    where k.phone_e164 is not null;
    return null;
end;
$$;
comment on function trustcart_private.add_customer_phones() is
'Trigger of customers, by statement: the numbers of new rows go to phone_book.';

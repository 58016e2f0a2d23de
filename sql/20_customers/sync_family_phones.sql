create or replace function trustcart_private.sync_family_phones()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'TRUNCATE' then
        -- The foreign key has emptied phone_book along; the customers' own numbers come back.
        insert into trustcart_private.phone_book (phone_e164, customer_id, kind)
        select
            k.phone_e164,
            c.id,
            k.kind
        from trustcart.customers as c
        cross join lateral (values (c.phone_e164, 'phone'), (c.mobile_e164, 'mobile')) as k (phone_e164, kind)
        where k.phone_e164 is not null
        on conflict do nothing;
        return null;
    end if;
    delete from trustcart_private.phone_book as b
    where b.family_member_id = new.id;
    insert into trustcart_private.phone_book (phone_e164, customer_id, family_member_id, kind)
    select
        new.phone_e164,
        new.customer_id,
        new.id,
        'phone'
    where new.phone_e164 is not null;
    return null;
end;
$$;
comment on function trustcart_private.sync_family_phones() is
'Trigger of customer_family_members: after a change of number or customer, by row, the row of phone_book is that of the
new one; after a truncate, phone_book holds the customers'' own numbers.';

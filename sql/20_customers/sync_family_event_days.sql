create or replace function trustcart_private.sync_family_event_days()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'TRUNCATE' then
        -- The foreign key has emptied customer_event_days along; the customers' own days come back.
        insert into trustcart.customer_event_days (customer_id, kind, occurred_on)
        select
            c.id,
            k.kind,
            k.occurred_on
        from trustcart.customers as c
        cross join lateral (
            values ('birthday', c.date_of_birth), ('anniversary', c.anniversary_date)
        ) as k (kind, occurred_on)
        where k.occurred_on is not null
        on conflict do nothing;
        return null;
    end if;
    delete from trustcart.customer_event_days as e
    where e.family_member_id = new.id;
    insert into trustcart.customer_event_days (customer_id, family_member_id, kind, occurred_on)
    select
        new.customer_id,
        new.id,
        k.kind,
        k.occurred_on
    from (values ('birthday', new.date_of_birth), ('anniversary', new.anniversary_date)) as k (kind, occurred_on)
    where k.occurred_on is not null;
    return null;
end;
$$;
comment on function trustcart_private.sync_family_event_days() is
'Trigger of customer_family_members: after a change of dates, by row, the rows of customer_event_days are those of the
new ones; after a truncate, customer_event_days holds the customers'' own days.';

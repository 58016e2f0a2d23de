create or replace function trustcart_private.sync_customer_event_days()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from trustcart.customer_event_days as e
    where e.customer_id = new.id and e.family_member_id is null;
    insert into trustcart.customer_event_days (customer_id, kind, occurred_on)
    select
        new.id,
        k.kind,
        k.occurred_on
    from (values ('birthday', new.date_of_birth), ('anniversary', new.anniversary_date)) as k (kind, occurred_on)
    where k.occurred_on is not null;
    return null;
end;
$$;
comment on function trustcart_private.sync_customer_event_days() is
'Trigger of customers, by row: after a change of dates the rows of customer_event_days are those of the new ones.';

create or replace function trustcart_private.add_customer_event_days()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart.customer_event_days (customer_id, kind, occurred_on)
    select
        n.id,
        k.kind,
        k.occurred_on
    from new_rows as n
    cross join lateral (
        values ('birthday', n.date_of_birth), ('anniversary', n.anniversary_date)
    ) as k (kind, occurred_on)
    where k.occurred_on is not null;
    return null;
end;
$$;
comment on function trustcart_private.add_customer_event_days() is
'Trigger of customers, by statement: the dates of new rows go to customer_event_days.';

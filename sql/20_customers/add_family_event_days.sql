create or replace function trustcart_private.add_family_event_days()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart.customer_event_days (customer_id, family_member_id, kind, occurred_on)
    select
        n.customer_id,
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
comment on function trustcart_private.add_family_event_days() is
'Trigger of customer_family_members, by statement: the dates of new rows go to customer_event_days.';

create or replace function trustcart_private.keep_customer_gone()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        new.erased_at is not null and (
            new.is_active or new.assigned_agent_id is not null
            or coalesce(
                new.first_name, new.last_name, new.email, new.phone, new.mobile, new.gender, new.date_of_birth::text,
                new.anniversary_date::text, new.address, new.city, new.district, new.notes
            ) is not null
        )
    then
        raise exception using
            errcode = 'TC111',
            message = format('customer %s was erased', new.id),
            hint = 'Nothing personal is entered there again. Somebody who comes back is a new customer.';
    elsif new.merged_into_id is not null and new.is_active then
        raise exception using
            errcode = 'TC111',
            message = format('customer %s was merged into customer %s', new.id, new.merged_into_id),
            hint = format('Work with customer %s; undo_merge() makes two customers of them again.', new.merged_into_id);
    end if;
    return null;
end;
$$;
comment on function trustcart_private.keep_customer_gone() is
'Trigger of customers: who was erased is not filled with personal data again nor made active; who was
merged into another is not made active. Raises TC111. erased_at and merged_into_id themselves are derived columns.';
